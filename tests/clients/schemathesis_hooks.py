"""What schemathesis must know of the kiosks' door: a piece of an upload is plain bytes."""
import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
