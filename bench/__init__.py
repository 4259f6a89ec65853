"""What it costs: measured on this machine, printed with what the machine is."""
