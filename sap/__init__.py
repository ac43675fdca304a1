"""What was promised: the plan, the shape of the data it needs, and the rules the data must keep."""
