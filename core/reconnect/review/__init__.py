"""What was logged, drawn and summed up: charts, and the figures that they are drawn from."""
