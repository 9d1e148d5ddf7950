"""What must be hidden: detect, follow, plan, render, and measure what is left."""
