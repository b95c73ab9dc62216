public import Classifiers
public import Datasets
import Evaluation
import LinearAlgebra
import ModelFiles

/// A request whose table was read: what a run fits, evaluates and records.
public struct PreparedRun: Sendable {
  public let request: RunRequest
  public let conduct: RunConduct
  public let candidates: [any Classifier]
  public let table: CSVTable
  public let data: PreparedData
  public let baseline: Baseline
  /// What is better known about the data before the scores are believed.
  public let findings: [DataFinding]
  /// What mistakes cost, where that was asked for.
  let costs: MistakeCosts?

  /// Reads and prepares the table, and refuses what cannot be done, before anything is written.
  ///
  /// - Throws: ``DatasetError``, ``ParameterError``, or ``RequestError`` for data that strictness refuses.
  public init(_ request: RunRequest, conduct: RunConduct) throws {
    try self.init(request, of: request.table(threads: conduct.threads), conduct: conduct)
  }

  /// The same with the table that the request names.
  init(_ request: RunRequest, of table: CSVTable, conduct: RunConduct) throws {
    self.request = request
    self.conduct = conduct
    self.table = table
    let preprocessing = request.preprocessing
    candidates = try request.classifiers()
    data = try preprocessing.prepare(table, split: request.split, threads: conduct.threads)
    costs = try request.mistakeCosts(of: data.training.classNames, fileName: table.fileName)
    baseline = Baseline(data, costs: costs)
    findings = ExaminedTable(data, request)
      .findings(ignoring: request.ignoredFindings ?? [], threads: conduct.threads)
    try thresholds?.check()
    _ = try crossValidation?.divisions(of: table, preprocessing: preprocessing)
    try repeatedSplits?.check(table)
    if conduct.isStrictAboutData { try findings.refuseSevere(fileName: table.fileName) }
  }

  /// How the table was read and divided, as far as it may surprise, and what was found in it.
  var notices: [String] {
    let division = RowDivision(data, of: table)
    // Of a second file the table's own notices tell.
    return request.preprocessing.notices(on: table)
      + (division?.sentences.dropFirst(division?.testData == nil ? 0 : 1) ?? [])
      + findings.lines(
        allIn: "in \(conduct.makesReport ? "report.html" : ComparisonDocument.fileName)")
  }

  /// What is written as `request.json`.
  public var document: RequestDocument {
    RequestDocument(
      request: request, dataSHA256: table.sha256, testDataSHA256: table.testFile?.sha256,
      version: ProgramVersion.current)
  }

  /// The folds that were asked for.
  var crossValidation: CrossValidation? {
    request.foldPlan.map {
      CrossValidation(
        candidates: candidates, folds: $0, rows: data.training.rows, rope: request.rope,
        thresholds: thresholds, threads: conduct.threads)
    }
  }

  /// The splits of other seeds that were asked for.
  var repeatedSplits: RepeatedSplits? {
    request.divisions.map {
      RepeatedSplits(request: request, count: $0, thresholds: thresholds)
    }
  }

  /// What chooses thresholds, where mistakes have costs.
  var thresholds: ThresholdSearch? {
    costs.map {
      ThresholdSearch(
        costs: $0, table: table, preprocessing: request.preprocessing, group: request.group,
        rows: data.training.rows, seed: request.seed)
    }
  }
}
