"""Days, spans, conventions and calendars."""
