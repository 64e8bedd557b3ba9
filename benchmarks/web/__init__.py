"""What the benchmark of pages shares: a catalogue of 20,000 courses, servers, and a browser that measures."""
