import Classifiers
import Comet
import Comparison
import ModelFiles
import ModelRegistry
import Support

/// A run's model fitted again on all rows, as an experiment of its own.
struct RefittedExperiment {
  /// The model's folder.
  let folder: String
  let key: String

  /// Fits the model again and sends it, unless that was done before.
  ///
  /// - Parameters:
  ///   - destination: where the run was logged.
  ///   - experimentKey: the experiment of a model, by its name.
  ///   - twin: the experiment that has the run's model.
  ///   - data: the path of the table that the run was made from.
  /// - Throws: ``RegistryError`` or `CometError` where Comet does not take it; it is kept, and
  ///   `compare-models upload` sends it.
  init(
    of run: FinishedRun, _ name: String, twin: String, data: String, threads: Int,
    to destination: CometDestination, over connection: CometConnection,
    experimentKey: (_ model: String) throws -> String, say: (String) -> Void
  ) throws {
    let label = name + "-refitted"
    let place = "refitted/\(name)"
    folder = run.path + "/" + place
    let journals = RunJournals(folder: run.path, destination: destination)
    if Files.exists("\(journals.path)/\(label).jsonl") {
      key = try experimentKey(label)
      return
    }
    let model = try RefittedModel(of: run, name, experiment: twin, data: data, threads: threads)
    let files = try model.write(to: folder)
    say("Fitted \(name) again on all \(model.data.training.sampleCount) rows, into \(folder)")
    let now = Timestamp.now.milliseconds
    try Files.createFolder(journals.path)
    let journal = try journals.open(label, now: now)
    try journal.append(
      RunEvents.parameters(of: model.classifier, model.data, now)
        + [.parameter("twin_experiment", .string(twin), timestamp: now)]
        + files.map { file in
          .asset(
            AssetUpload(
              file, type: "model-element",
              fileExtension: file.split(separator: ".").last.map(String.init),
              modelName: LoggedModelName.name(ofFile: file, classifier: name)),
            path: "\(place)/\(file)", timestamp: now)
        })
    try journal.recordEnd(ExperimentEnd(startTime: now, time: now, hasCrashed: false))
    // The uploader ends the connection that it used.
    let own = connection.another()
    let uploader = ExperimentUploader(own.client, own.transport)
    uploader.add(journal, folder: run.path)
    uploader.finish(within: 86_400)
    guard journal.isFinished, let created = journal.created else {
      if let failure = uploader.failure { throw failure }
      throw RegistryError(
        .unavailable,
        "Comet does not have the model that was fitted again"
          + (uploader.refusals.texts.first.map { ": \($0)" } ?? ""))
    }
    key = created.key
  }
}
