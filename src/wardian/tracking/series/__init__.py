"""The metric store: points in step order, packed in chunks, read as pixels.

`points` what a point is · `wire` points as they arrive · `codec` points as they are stored · `stats` what is known
without them · `m4`, `screen`, `blocks` points as they are drawn · `append`, `seal`, `read`, `curve` what is done to
stored points, one file each.
"""
