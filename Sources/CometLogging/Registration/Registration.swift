public import Comet
public import Comparison
import Datasets
import Evaluation
import ModelFiles
import ModelRegistry
public import Support

/// Registers the best model of a run, and puts it into use where that is asked for.
public struct Registration: Sendable {
  let choice: RegistrationChoice
  private let connection: CometConnection
  private let workspace: String?
  private let project: String?
  /// The path of the table that the run was made from.
  let data: String
  let threads: Int
  let say: @Sendable (String) -> Void

  /// - Parameters:
  ///   - workspace: `nil` for the account's own.
  ///   - project: where the run was logged; `nil` for the standard one.
  ///   - data: the path of the table that the run was made from.
  ///   - say: gets lines for people.
  public init(
    _ choice: RegistrationChoice, connection: CometConnection, workspace: String?,
    project: String?, data: String, threads: Int, say: @escaping @Sendable (String) -> Void
  ) {
    self.choice = choice
    self.connection = connection
    self.workspace = workspace
    self.project = project
    self.data = data
    self.threads = threads
    self.say = say
  }

  /// - Parameters:
  ///   - destination: where the run was logged; its connection is used, which must not be that of the run: it may
  ///     have been ended.
  ///   - data: the path of the table that the run was made from.
  public init(
    _ choice: RegistrationChoice, to destination: CometDestination, data: String, threads: Int,
    _ progress: ProgressDisplay
  ) throws(ConfigurationError) {
    self.init(
      choice, connection: try destination.connectionToRegister(),
      workspace: destination.workspace, project: destination.project, data: data,
      threads: threads, say: { progress.say($0) })
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
    } catch let error as StageRefusal {
      throw error
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
    let twin = try self.set(run.path + "/" + name, try experimentKey(name), winner.value)
    let command = choice.command(for: run.path, data: data)
    let fetcher = choice.stageToGive.map { stage in
      ModelSetFetcher(
        client: connection.client, workspace: workspace, prefix: choice.prefix,
        choice: .stage(stage), output: run.path + "/champion")
    }
    Interruption.install(for: "compare-models") {
      _ = fetcher?.abandon()
      return "interrupted; the run is kept; to register it: \(command)"
    }
    guard choice.isRefitted else {
      return try Waiting.wait { try await register(twin, twin: nil, run, fetcher) }
    }
    let refitted = try RefittedExperiment(
      of: run, name, twin: twin.description.experimentKey, data: data, threads: threads,
      to: CometDestination(workspace: workspace, project: project), over: connection,
      experimentKey: experimentKey, say: say)
    let set = try self.set(refitted.folder, refitted.key, winner.value)
    let old = try self.set(
      run.path + "/" + name, twin.description.experimentKey, winner.value, isTwin: true)
    try Waiting.wait { try await register(set, twin: old, run, fetcher) }
  }

  /// A model's folder as a set to register.
  private func set(
    _ folder: String, _ experimentKey: String, _ value: Double, isTwin: Bool = false
  ) throws -> RegistrableSet {
    let names = SetNames(prefix: choice.prefix)
    return try RegistrableSet(
      folder: folder, experimentKey: experimentKey, metric: choice.metric.rawValue, value: value,
      prefix: (isTwin ? names.twins : names).prefix)
  }

  /// - Parameter twin: the set that a set which was fitted again on all rows is judged by.
  private func register(
    _ set: RegistrableSet, twin: RegistrableSet?, _ run: FinishedRun, _ fetcher: ModelSetFetcher?
  ) async throws {
    say(words(of: set, run.document))
    var champion: ModelSetFetcher.LoadedSet?
    var rows: JudgedRows?
    var refusal: StageRefusal?
    do {
      if let fetcher { champion = try await inUse(set, twin, fetcher) }
      if let champion, choice.promotion != nil {
        rows = try predictions(of: champion, and: set, run)
      }
    } catch let error as StageRefusal {
      refusal = error
    }
    let registrar = ModelSetRegistrar(client: connection.client, workspace: workspace)
    // First the twin: where there is a set that was fitted again, there is what it is judged by.
    if let twin { _ = try await registrar.register(twin) }
    let registered = try await registrar.register(set)
    let title = "\(choice.prefix) \(registered.version)"
    say(
      registered.isNew
        ? "Registered \(title) in workspace \(registered.workspace): "
          + registered.partNames.reversed().joined(separator: ", ")
        : "\(title) was registered before, from the same experiment")
    guard let stage = choice.stageToGive else { return }
    if let refusal { throw refusal }
    if champion == nil, let obstacle = choice.promotion?.unmet(by: run.document.metrics(of: set)) {
      say("\(title) does not get the stage \(stage): \(obstacle)")
      return
    }
    if let rule = choice.promotion, let champion, let rows {
      let isPromoted = try await isPromoted(
        rule, champion, registered, rows, run,
        candidates: candidateCount(run.document), registrar)
      guard isPromoted else {
        say("\(title) does not get the stage \(stage)")
        return
      }
    }
    try await give(stage, to: registered, title, registrar)
  }

  private func give(
    _ stage: String, to registered: RegisteredSet, _ title: String, _ registrar: ModelSetRegistrar
  ) async throws {
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

  /// Which model is registered, and what it was chosen by.
  private func words(of set: RegistrableSet, _ document: ComparisonDocument) -> String {
    let isByFolds = document.scores(by: choice.metric).areOfFolds
    let place =
      document.chosenFrom.map { " of \($0) candidates" } ?? (isByFolds ? " on the folds" : "")
    return "Best by \(choice.metric.rawValue)\(place): "
      + "\(set.model.algorithm.rawValue), \(set.description.value)"
      + (place.isEmpty ? "" : " on the test rows")
      + (document.chosenFrom == nil ? "" : ", which had a part in the sweep's choice")
  }

  /// How many models the one was chosen from with the test rows in view.
  private func candidateCount(_ document: ComparisonDocument) -> Int {
    document.chosenFrom
      ?? (document.scores(by: choice.metric).areOfFolds ? 1 : document.models.count)
  }
}

extension ComparisonDocument {
  /// The metrics of the model that a set was made from, on the test rows.
  fileprivate func metrics(of set: RegistrableSet) -> MetricValues<Double> {
    models.first { $0.name == set.model.algorithm.rawValue }?.validate.values ?? MetricValues()
  }
}
