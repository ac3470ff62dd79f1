"""Files as offices write them → items, people and questions. Pure, and the only room that knows file formats."""
