public import Comet
public import Comparison
import Datasets
import Evaluation
import ModelRegistry
import SavedModels
import Support

/// Registers the best model of a run, and puts it into use where that is asked for.
public struct Registration: Sendable {
  private let choice: RegistrationChoice
  private let connection: CometConnection
  private let workspace: String?
  /// The path of the table that the run was made from.
  private let data: String
  private let threads: Int
  private let say: @Sendable (String) -> Void

  /// - Parameters:
  ///   - workspace: `nil` for the account's own.
  ///   - data: the path of the table that the run was made from.
  ///   - say: gets lines for people.
  public init(
    _ choice: RegistrationChoice, connection: CometConnection, workspace: String?, data: String,
    threads: Int, say: @escaping @Sendable (String) -> Void
  ) {
    self.choice = choice
    self.connection = connection
    self.workspace = workspace
    self.data = data
    self.threads = threads
    self.say = say
  }

  /// Registers the best model of a run that Comet has, and that has just been made.
  ///
  /// - Throws: ``UnfinishedRun``.
  public func register(_ path: String, _ outcome: CometOutcome) throws {
    let command = choice.command(for: path, data: data)
    guard outcome.undeliveredCount == 0 else {
      throw UnfinishedRun(
        RegistryError(
          .unavailable, "nothing was registered, since Comet does not have the whole run"),
        toRegister: "\(CometOutcome.uploadCommand(path)) && \(command)")
    }
    do {
      try register(FinishedRun(contentsOf: path)) { name in
        guard let key = outcome.experimentKeys[name] else {
          throw RegistryError(.missing, "Comet has no experiment of \(name)")
        }
        return key
      }
    } catch {
      throw UnfinishedRun(error, toRegister: command)
    }
  }

  /// Registers the best model of a finished run.
  ///
  /// - Parameter experimentKey: the experiment of a model, by the model's name.
  public func register(
    _ run: FinishedRun, experimentKey: (_ model: String) throws -> String
  ) throws {
    guard let winner = run.document.winner(by: choice.metric) else {
      throw DatasetError(
        .badData, "\(run.path): \(choice.metric.rawValue) is not defined for any of its models")
    }
    let name = winner.model.name
    let set = try RegistrableSet(
      folder: run.path + "/" + name, experimentKey: try experimentKey(name),
      metric: choice.metric.rawValue, value: winner.value, prefix: choice.prefix)
    let predictions = zip(run.document.models, run.predictions).first { $0.0.name == name }?.1
    let champion =
      choice.promotesIfBetter
      ? ModelSetFetcher(
        client: connection.client, workspace: workspace, prefix: choice.prefix,
        choice: .stage(choice.stageToGive ?? ""), output: run.path + "/champion") : nil
    let command = choice.command(for: run.path, data: data)
    Interruption.install(for: "compare-models") {
      _ = champion?.abandon()
      return "interrupted; the run is kept; to register it: \(command)"
    }
    try Waiting.wait { try await register(set, name, predictions, run, champion) }
  }

  private func register(
    _ set: RegistrableSet, _ name: String, _ predictions: TestPredictions?, _ run: FinishedRun,
    _ champion: ModelSetFetcher?
  ) async throws {
    say("Best by \(choice.metric.rawValue): \(name), \(set.description.value)")
    let goesIntoUse =
      if let champion {
        try await isBetter(set, name, predictions, run, than: champion)
      } else { true }
    let registrar = ModelSetRegistrar(client: connection.client, workspace: workspace)
    let registered = try await registrar.register(set)
    let title = "\(choice.prefix) \(registered.version)"
    say(
      registered.isNew
        ? "Registered \(title) in workspace \(registered.workspace): "
          + registered.partNames.reversed().joined(separator: ", ")
        : "\(title) was registered before, from the same experiment")
    guard let stage = choice.stageToGive else { return }
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
    let stage = choice.stageToGive ?? ""
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
        by: choice.metric, classNames: run.document.data.classes, challenger: predictions,
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
