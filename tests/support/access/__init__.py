"""Who may do what, written by hand, and everybody asking for everything to hold it against."""
