"""The shipped rulebooks, each tried by handleflow's own testing kit as an office would try its own."""
