"""What the numbers say about the whole of it: indicators, the map, and whom nobody reaches."""
