"""The bell: what a person is told, kept as rows with a cursor, shown in every open tab, read everywhere once read anywhere."""
