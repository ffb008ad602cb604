"""What is reported of notices: who has read and confirmed, as of now or any past day, and how a department has published."""
