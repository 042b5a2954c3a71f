"""A whole partnership from one YAML file: all mistakes at once with their line, all or nothing, and safe to load twice.

`yaml_lines` reads the file, `fields` and `rows` say what may stand in it, `loading` and `writing` put it into the database,
`schema_text` documents it. This package knows the sections of `partners`; the apps above add their own, and the command puts
them together.
"""
