import Comparison
import Datasets
import Evaluation
import JSON
import ModelFiles
import ModelRegistry
import SavedModels
public import Support

/// Comparing the model to register with the one in use.
extension Registration {
  /// The set that the stage would be taken from; `nil` where there is none, or it is the same.
  ///
  /// One that was fitted again on all rows is judged by its twin, which then stands in its place.
  func inUse(
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
  func predictions(
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

  struct JudgedRows {
    let rows: [Int]
    let actual: [Int]
    let groups: SampleGroups?
    let old: PairedLead.Predictions
    let new: PairedLead.Predictions
  }

  /// Compares the two, and keeps how: the number of the comparison before the rows are scored.
  func isPromoted(
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
