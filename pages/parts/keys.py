"""Names in the session's state that more than one file uses."""

READINGS = "readings"  # sha256 of uploaded files -> what they gave; never outside of the session
PREDICTIONS = "predictions"  # (digest of the record, sha256 of the model) -> what the model said
UPLOAD = "upload"  # the uploader of Inspect
SAMPLE = "sample"  # the sample ECG that Inspect shows; also in the address
CHOSEN = "chosen"  # the record of an upload that Inspect shows, by its place
ANSWERS = "answers"  # digest of a record as its file has it -> what a person says where the file does not
PACKINGS = "packings"  # names of the unfinished packs that Corpora showed last
LOOKED = "looked"  # how many records of which folder Corpora was asked to look at
FETCHINGS = "fetchings"  # names of the downloads that Corpora showed last as alive
INTERVALS = "intervals"  # digest of a record -> what was measured on it
PACK = "pack"  # the pack that Corpora shows; also in the address
WORK = "work"  # what a session has asked to be worked out, or has been given; never outside of the session
ONNX = "onnx"  # whose ONNX file Models is asked to make
IMPORTING = "importing"  # Models is asked to take in the zip that was given
