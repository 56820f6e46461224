"""What the law calls an act: dated rules, local time, phases, and the file that a supervisor can act on."""
