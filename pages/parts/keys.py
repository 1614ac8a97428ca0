"""Names in the session's state that more than one file uses."""

READINGS = "readings"  # sha256 of uploaded files -> what they gave; never outside of the session
PREDICTIONS = "predictions"  # (digest of the record, sha256 of the model) -> what the model said
UPLOAD = "upload"  # the uploader of Inspect
SAMPLE = "sample"  # the sample ECG that Inspect shows; also in the address
CHOSEN = "chosen"  # the record of an upload that Inspect shows, by its place
ANSWERS = "answers"  # digest of a record as its file has it -> what a person says where the file does not
PACKINGS = "packings"  # names of the unfinished packs that Corpora showed last
CORPUS = "corpus"  # the folder that Corpora looks into: what was chosen, and its records as listed
INTERVALS = "intervals"  # digest of a record -> what was measured on it
PACK = "pack"  # the pack that Corpora shows; also in the address
WORK = "work"  # what a session has asked to be worked out, or has been given; never outside of the session
TRAIN_WITH = "TRAIN_WITH"  # TOML of the settings with which Views asks Train to begin; taken by Train, once
VIEW_BASE = "view base"  # the settings that Views began with: a preset, or a TOML of one's own
VIEW_VALUES = "view values"  # dotted name -> what Views changed of them; kept while their widgets are not drawn
SEED, DRAWS = "seed", "draws"  # of the views: where chance begins, how many draws are shown; also in the address
