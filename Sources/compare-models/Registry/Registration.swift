import Comet
import Comparison
import Datasets
import Evaluation
import ModelRegistry
import SavedModels
import Support

/// Registers the best model of a run, and puts it into use where that is asked for.
struct Registration: Sendable {
  let options: RegistryOptions
  let connection: CometConnection
  let workspace: String?
  /// The path of the table that the run was made from.
  let data: String
  let threads: Int
  let say: @Sendable (String) -> Void

  /// - Parameter experimentKey: the experiment of a model, by the model's name.
  func register(
    _ run: FinishedRun, experimentKey: (_ model: String) throws -> String
  ) throws {
    guard let winner = run.document.winner(by: options.selectBy) else {
      throw DatasetError(
        .badData, "\(run.path): \(options.selectBy.rawValue) is not defined for any of its models")
    }
    let name = winner.model.name
    let set = try RegistrableSet(
      folder: run.path + "/" + name, experimentKey: try experimentKey(name),
      metric: options.selectBy.rawValue, value: winner.value, prefix: options.prefix)
    let predictions = zip(run.document.models, run.predictions).first { $0.0.name == name }?.1
    let champion =
      options.promoteIfBetter
      ? ModelSetFetcher(
        client: connection.client, workspace: workspace, prefix: options.prefix,
        choice: .stage(options.stageToGive ?? ""), output: run.path + "/champion") : nil
    let command = Self.command(for: run.path, options, data: data)
    Interruption.install(for: CompareModels.name) {
      _ = champion?.abandon()
      return "interrupted; the run is kept; to register it: \(command)"
    }
    try Waiting.wait { try await register(set, name, predictions, run, champion) }
  }

  /// What registers a run, or takes up what was begun.
  static func command(for path: String, _ options: RegistryOptions, data: String) -> String {
    (["compare-models register", ShellCommand.quoted(path)]
      + options.arguments.map(ShellCommand.quoted)
      + (data == TableOptions.standardData ? [] : ["--data", ShellCommand.quoted(data)]))
      .joined(separator: " ")
  }

  private func register(
    _ set: RegistrableSet, _ name: String, _ predictions: TestPredictions?, _ run: FinishedRun,
    _ champion: ModelSetFetcher?
  ) async throws {
    say("Best by \(options.selectBy.rawValue): \(name), \(set.description.value)")
    let goesIntoUse =
      if let champion {
        try await isBetter(set, name, predictions, run, than: champion)
      } else { true }
    let registrar = ModelSetRegistrar(client: connection.client, workspace: workspace)
    let registered = try await registrar.register(set)
    let title = "\(options.prefix) \(registered.version)"
    say(
      registered.isNew
        ? "Registered \(title) in workspace \(registered.workspace): "
          + registered.partNames.reversed().joined(separator: ", ")
        : "\(title) was registered before, from the same experiment")
    guard let stage = options.stageToGive else { return }
    guard goesIntoUse else {
      say("\(title) does not get the stage \(stage)")
      return
    }
    let move = try await registrar.move(stage, to: registered)
    if move.given.isEmpty, move.taken.isEmpty {
      say("\(title) is in stage \(stage) already")
    } else {
      say(
        "\(title) is in stage \(stage)"
          + (move.taken.isEmpty
            ? "" : ", which was taken from \(move.taken.joined(separator: ", "))"))
    }
  }

  /// Judges the set that is in use on the same rows.
  private func isBetter(
    _ set: RegistrableSet, _ name: String, _ predictions: TestPredictions?, _ run: FinishedRun,
    than fetcher: ModelSetFetcher
  ) async throws -> Bool {
    let stage = options.stageToGive ?? ""
    let champion: ModelSetFetcher.LoadedSet
    do throws(RegistryError) {
      champion = try await fetcher.load()
    } catch {
      guard error.kind == .missing else { throw error }
      say("There is nothing in stage \(stage) to compare with: \(error)")
      return true
    }
    guard champion.record.experimentKey != set.description.experimentKey else {
      say("What is in stage \(stage) comes from the same experiment")
      return true
    }
    guard let predictions else {
      throw DatasetError(
        .missingFile, "\(run.path)/\(name)/predictions.csv: expected the run's predictions")
    }
    let pipeline = SavedPipeline(champion.files)
    let table = try pipeline.table(contentsOf: data, threads: threads)
    guard table.sha256 == run.document.data.sha256,
      predictions.rows.allSatisfy({ $0 < table.rowCount })
    else {
      throw DatasetError(
        .badData,
        "\(data): expected the file that the run was made from, \(run.document.data.file) with "
          + "SHA-256 \(run.document.data.sha256), found another; name it with --data")
    }
    let shares = try pipeline.probabilities(
      of: table, rows: predictions.rows, threads: threads)
    guard
      let comparison = ChampionComparison(
        by: options.selectBy, classNames: run.document.data.classes, challenger: predictions,
        champion: shares, championClasses: pipeline.classNames)
    else {
      throw DatasetError(
        .badData,
        "what is in stage \(stage) predicts other classes ("
          + "\(pipeline.classNames.joined(separator: ", "))) than this run ("
          + "\(run.document.data.classes.joined(separator: ", "))); to put the new model into use all "
          + "the same, leave out --promote-if-better")
    }
    for line in comparison.lines(champion: "in use", challenger: "new") { say(line) }
    if let other = pipeline.description.training.sawTestRows(of: set.training) {
      say(
        "The model in use learned from \(other), so it may know some of these rows: the comparison "
          + "flatters it")
    }
    say(
      (comparison.isPromoted ? "The new model is put into use: " : "The model in use stays: ")
        + comparison.reason)
    return comparison.isPromoted
  }
}
