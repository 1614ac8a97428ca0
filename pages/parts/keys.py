"""Names in the session's state that more than one file uses."""

PREDICTIONS = "predictions"  # (digest of the record, sha256 of the model) -> what the model said
UPLOAD = "upload"  # the uploader of Inspect
SAMPLE = "sample"  # the sample ECG that Inspect shows; also in the address
CHOSEN = "chosen"  # the record of an upload that Inspect shows, by its place
ANSWERS = "answers"  # digest of a record as its file has it -> what a person says where the file does not
PACKINGS = "packings"  # names of the unfinished packs that Corpora showed last
CORPUS = "corpus"  # the folder that Corpora looks into: what was chosen, and its records as listed
PACK = "pack"  # the pack that Corpora shows; also in the address
WORK = "work"  # what a session has asked to be worked out, or has been given; never outside of the session
CLASS = "class"  # the code of the class that Inspect looks into; also in the address
PAINTED = "painted"  # whether the paper of Inspect is coloured by what the chosen class leaned on
BRUSHED = "brushed"  # the stretch that was marked on the paper of Inspect
MUTED = "muted"  # digest of a record -> the stretches of it that are muted
PAPER_FROM = "from"  # the first second on the paper of Inspect; also in the address
PAPER_NOW = "paper now"  # how the paper of Inspect is set, for the sheet that is printed
BATCH = "batch"  # what is known of each record of an upload, for the table of them all
LOOKED = "looked"  # how many records of which folder Corpora was asked to look at
FETCHINGS = "fetchings"  # names of the downloads that Corpora showed last as alive
ONNX = "onnx"  # whose ONNX file Models is asked to make
IMPORTING = "importing"  # Models is asked to take in the zip that was given
TRAIN_WITH = "TRAIN_WITH"  # TOML of the settings with which Views asks Train to begin; taken by Train, once
START = "start"  # which form Train shows; also in the address
PRESET = "preset"  # the preset that Train's form begins with; also in the address
FOLD = "fold"  # the fold that Train's form holds back; also in the address
CHANGED = "train_changed"  # preset -> settings that were changed in Train's form, by their dotted names
SAID = "train_said"  # a sentence that Train shows once, above its runs
