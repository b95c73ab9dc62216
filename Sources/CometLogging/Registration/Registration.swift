public import Comet
public import Comparison
import Datasets
import Evaluation
import JSON
import ModelFiles
import ModelRegistry
import SavedModels
public import Support

/// Registers the best model of a run, and puts it into use where that is asked for.
public struct Registration: Sendable {
  private let choice: RegistrationChoice
  private let connection: CometConnection
  private let workspace: String?
  private let project: String?
  /// The path of the table that the run was made from.
  private let data: String
  private let threads: Int
  private let say: @Sendable (String) -> Void

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

  /// The set that the stage would be taken from; `nil` where there is none, or it is the same.
  ///
  /// One that was fitted again on all rows is judged by its twin, which then stands in its place.
  private func inUse(
    _ set: RegistrableSet, _ twin: RegistrableSet?, _ fetcher: ModelSetFetcher
  ) async throws -> ModelSetFetcher.LoadedSet? {
    let stage = choice.stageToGive ?? ""
    let champion: ModelSetFetcher.LoadedSet
    do throws(RegistryError) {
      champion = try await fetcher.load()
    } catch {
      // Without a comparison a set that cannot be read may well be replaced.
      guard error.kind == .missing || choice.promotion == nil && error.kind == .badData else {
        throw error
      }
      if choice.promotion != nil {
        say("There is nothing in stage \(stage) to compare with: \(error)")
      }
      return nil
    }
    guard champion.record.experimentKey != set.description.experimentKey else {
      if choice.promotion != nil { say("What is in stage \(stage) comes from the same experiment") }
      return nil
    }
    let (old, new) = (champion.files.model.description, set.model)
    let oldColumns = champion.files.preprocessing.columns.map(\.name)
    guard old.training.target == new.training.target, oldColumns == set.columns,
      old.training.classRules == new.training.classRules
    else {
      func words(_ model: ModelDescription, _ columns: [String]) -> String {
        let rules = model.training.classRules.joined(separator: " ")
        return model.training.target + (rules.isEmpty ? "" : " (\(rules))")
          + " from \(columns.joined(separator: ", "))"
      }
      throw StageRefusal(
        "what is in stage \(stage) predicts \(words(old, oldColumns)), and this model "
          + "\(words(new, set.columns)); register it under names of its own with --registry-prefix")
    }
    guard let refit = old.refit, choice.promotion != nil else { return champion }
    guard refit.twinExperiment != (twin ?? set).description.experimentKey else {
      say("What is in stage \(stage) comes from the same run")
      return nil
    }
    do throws(RegistryError) {
      return try await fetcher.load(twinOf: champion, refit)
    } catch {
      guard error.kind == .missing || error.kind == .badData else { throw error }
      throw StageRefusal(
        "the model in use was fitted again on all rows, so that it knows the test rows, and its twin, "
          + "which does not, cannot be fetched: \(error); put the new model into use without "
          + "comparing, with --stage \(stage) and without --promote-if-better")
    }
  }

  /// What both models say of the rows that neither learned from.
  private func predictions(
    of champion: ModelSetFetcher.LoadedSet, and set: RegistrableSet, _ run: FinishedRun
  ) throws -> JudgedRows {
    let (name, classNames) = (set.model.algorithm.rawValue, run.document.data.classes)
    guard let new = zip(run.document.models, run.predictions).first(where: { $0.0.name == name })?.1
    else {
      throw DatasetError(
        .missingFile, "\(run.path)/\(name)/predictions.csv: expected the run's predictions")
    }
    let pipeline = SavedPipeline(champion.files)
    if let other = pipeline.description.training.sawTestRows(of: set.model.training) {
      throw StageRefusal(
        "the model in use learned from \(other), so that it may know some of the test rows, and would "
          + "look better than it is; put the new model into use without comparing, with --stage "
          + "\(choice.stageToGive ?? "") and without --promote-if-better, and from then on run with "
          + "--split stable, which keeps a row in its part while the table grows, or with the same --test-data, "
          + "which no model learns from")
    }
    let request = try run.request(data: data)
    let file = request.testData ?? request.data
    let table = try pipeline.table(contentsOf: file, request, threads: threads)
    try run.check(table.sha256, at: file, hasTestRows: true)
    guard new.rows.allSatisfy({ $0 < table.rowCount }) else {
      throw DatasetError(
        .badData, "\(run.path)/\(name)/predictions.csv: names rows that the table does not have")
    }
    let shares = try pipeline.probabilities(of: table, rows: new.rows, threads: threads)
    guard
      let old = PairedLead.Predictions(
        pipeline.labels(of: shares), shares, of: pipeline.classNames, as: classNames)
    else {
      throw StageRefusal(
        "what is in stage \(choice.stageToGive ?? "") predicts other classes ("
          + "\(pipeline.classNames.joined(separator: ", "))) than this run ("
          + "\(classNames.joined(separator: ", "))); to put the new model into use all "
          + "the same, leave out --promote-if-better")
    }
    return JudgedRows(
      rows: new.rows, actual: new.actual, groups: new.sampleGroups, old: old,
      new: PairedLead.Predictions(labels: new.predicted, probabilities: new.probabilities))
  }

  private struct JudgedRows {
    let rows: [Int]
    let actual: [Int]
    let groups: SampleGroups?
    let old: PairedLead.Predictions
    let new: PairedLead.Predictions
  }

  /// Compares the two, and keeps how: the number of the comparison before the rows are scored.
  private func isPromoted(
    _ rule: PromotionRule, _ champion: ModelSetFetcher.LoadedSet, _ registered: RegisteredSet,
    _ rows: JudgedRows, _ run: FinishedRun, candidates: Int, _ registrar: ModelSetRegistrar
  ) async throws -> Bool {
    let file = run.path + "/" + Promotion.fileName
    let earlier =
      Files.exists(file) ? try JSONDocument.decode([Promotion].self, from: file) : []
    let year = Timestamp.now.year
    let oldVersion = champion.record.version ?? "of several versions"
    // Looking again at the same two models by the same rule tells nothing new.
    let same = earlier.last {
      $0.rule == rule && $0.attempt.year == year && $0.oldVersion == oldVersion
    }
    let attempt =
      if let same { same.attempt } else {
        try await attempt(of: registered, in: year, rule, registrar)
      }
    var promotion = Promotion(
      rule, attempt, candidates: candidates, testRows: rows.rows,
      dataSHA256: run.document.data.judgedSHA256,
      oldVersion: oldVersion, newVersion: registered.version.description)
    let kept = earlier.filter { $0 != same }
    try Files.write(try JSONDocument.encode(kept + [promotion]), to: file)
    promotion.decide(
      actual: rows.actual, classNames: run.document.data.classes, groups: rows.groups,
      costs: run.document.mistakeCosts, old: rows.old, new: rows.new)
    try Files.write(try JSONDocument.encode(kept + [promotion]), to: file)
    for line in (choice.isExplained ? promotion.explanation : []) + promotion.lines { say(line) }
    return promotion.result?.isPromoted == true
  }

  /// Gives a comparison the next number of the year, and its part of the year's risk.
  private func attempt(
    of registered: RegisteredSet, in year: Int, _ rule: PromotionRule,
    _ registrar: ModelSetRegistrar
  ) async throws -> PromotionAttempt {
    var attempt: PromotionAttempt?
    _ = try await registrar.note("comparison:\(year)-", on: registered) {
      marks throws(RegistryError) in
      attempt = PromotionAttempt(after: marks, in: year, plan: rule.comparisonsPerYear)
      guard let attempt else {
        throw RegistryError(
          .badData,
          "the comparisons of \(year) (\(marks.sorted().joined(separator: ", "))) leave less than "
            + "1/\(rule.comparisonsPerYear) of the risk of a wrong promotion that they share; wait for the "
            + "next year, and plan more for it with --comparisons-per-year")
      }
      return rule.mark(attempt)
    }
    guard let attempt else { preconditionFailure("noting makes the attempt, or fails") }
    return attempt
  }
}

/// Why a model that is registered does not get the stage.
public struct StageRefusal: ExitStatusProviding, Hashable, CustomStringConvertible {
  public let description: String
  public var exitStatus: Int32 { 65 }

  init(_ problem: String) { description = problem }
}

extension ComparisonDocument {
  /// The metrics of the model that a set was made from, on the test rows.
  fileprivate func metrics(of set: RegistrableSet) -> MetricValues<Double> {
    models.first { $0.name == set.model.algorithm.rawValue }?.validate.values ?? MetricValues()
  }
}
