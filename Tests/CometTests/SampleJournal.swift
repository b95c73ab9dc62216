import Comet
import TestSupport

/// A small experiment with an event of every kind.
enum Sample {
  static let experiment = OfflineExperiment(
    id: "0123456789abcdef0123456789abcdef", workspace: "demo-ws", project: "p",
    name: "RandomForest", tags: ["RandomForest"], startTime: 1000)

  static let git = ExperimentEvent.GitMetadata(
    branch: "refs/heads/main", parent: String(repeating: "a", count: 40), origin: "https://x/y")

  static let host = SystemDetails(
    [
      .init("user", "u"), .init("hostname", "h"), .init("ip", ""), .init("pid", 1),
      .init("osType", "Linux"), .init("osRelease", "6"), .init("os", "Linux 6"),
      .init("machine", "x86_64"), .init("processor", "x86_64"),
      .init("command", ["compare-models", "--seed", "7"]), .init("executable", "compare-models"),
      .init("totalRam", 17_179_869_184),
    ], additional: [.init("swift_version", "6.3")])

  static let events: [ExperimentEvent] = [
    .parameter("max_depth", "None", timestamp: 1001),
    .parameter("n_estimators", 100, timestamp: 1001),
    .systemDetails(host),
    .gitMetadata(git),
    .metric("accuracy", 0.9, context: "train", timestamp: 1002),
    .metric("loss", .real(.infinity), context: "validate", step: 3, epoch: 1, timestamp: 1002),
    .asset(
      AssetUpload("roc-curve", type: "curve", context: "validate", metadata: ["auc": 0.5]),
      path: "RandomForest/curve.json", timestamp: 1003),
    .asset(
      AssetUpload(
        "model.safetensors", type: "model-element", fileExtension: "safetensors",
        modelName: "RandomForest"), path: "RandomForest/model.safetensors", timestamp: 1003),
    .other("note", "two\nlines"),
    .html("<b>ü</b>", override: true),
    .output("Model  Accuracy\n", timestamp: 1004),
  ]

  /// A run folder with the journal of the sample in it.
  static func runFolder() throws -> (folder: TemporaryFolder, journal: ExperimentJournal) {
    let folder = TemporaryFolder()
    folder.makeFolder("comet")
    folder.makeFolder("RandomForest")
    folder.write(
      #"{"x":[0.0,1.0],"y":[0.0,1.0],"name":"roc-curve"}"#, to: "RandomForest/curve.json")
    folder.write([1, 2, 3, 0, 255], to: "RandomForest/model.safetensors")
    let journal = try ExperimentJournal(
      creating: folder.path + "/comet/RandomForest.jsonl", experiment: experiment)
    try journal.append(Array(events.prefix(4)))
    try journal.append(Array(events.dropFirst(4)))
    try journal.recordEnd(ExperimentEnd(startTime: 1001, time: 1005, hasCrashed: false))
    return (folder, journal)
  }
}
