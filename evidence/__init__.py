"""佐证材料 as files: what they are by their content, whether a scanner lets them pass, and where they are kept."""
