"""What finished runs show together: pooled figures, differences, and the card that puts them beside the paper's."""
