"""Personal data in what was said: rules for numbers, dates, addresses and plates, a network and rules for names."""
