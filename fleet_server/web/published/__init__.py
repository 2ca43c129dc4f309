"""What everybody may see of units that have switched it on, and the switches."""
