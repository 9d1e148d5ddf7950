"""What holds for all of the product: its layers, every stage, every detector, its names."""
