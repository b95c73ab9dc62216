import Classifiers
public import Datasets
public import Evaluation
import Support

/// Everything that a sweep is to do, and everything that its results depend on.
///
/// Runs are numbered from 0: seed by seed, within a seed fold by fold, within a fold candidate by
/// candidate. So runs with neighbouring numbers share their rows, which are prepared once for all of them.
///
/// In a nested cross-validation further folds follow those of all rows: for each outer fold those of its
/// training rows, then the outer fold itself. All candidates are fitted on it, though only the one that its
/// inner folds choose is needed: so which runs there are does not depend on results, and any process may
/// make any of them.
public struct SweepPlan: Hashable, Sendable {
  public let data: SweptData
  /// What all runs are asked for alike; their seeds and candidates are those of ``seeds`` and ``grids``. The table
  /// goes by its file's name, for its folder differs from machine to machine.
  public let request: RunRequest
  public let grids: [ParameterGrid]
  public let seeds: SeedList
  /// How many outer folds there are; `nil` without a nested cross-validation.
  public let nested: Int?
  /// The program's version.
  public let version: String
  public let candidates: [Candidate]

  /// More than these are taken for a slip.
  public static let runLimit = 10_000_000

  /// - Throws: ``RequestError`` for combinations that a classifier refuses, and for too many runs.
  public init(
    _ request: RunRequest, data: SweptData, grids: [ParameterGrid], seeds: SeedList,
    nested: Int? = nil, version: String = ProgramVersion.current
  ) throws(RequestError) {
    self.data = data
    var request = request
    (request.data, request.candidates) = (data.file, [])
    request.testData = data.test?.file
    request.sortBy = request.sortBy ?? .accuracy
    request.ignoredFindings = nil
    if request.folds != nil { request.preprocessingFit = .training }
    self.request = request
    // In the order of the roster, so that the order of typing changes nothing.
    self.grids = Algorithm.allCases.flatMap { algorithm in
      grids.filter { $0.algorithm == algorithm }
    }
    self.seeds = seeds
    self.nested = nested
    self.version = version
    try Self.check(request, nested: nested)
    guard request.folds?.isPossible ?? true, 0..<1 ~= request.testFraction else {
      throw RequestError(.badRequest, "expected 2 folds or more, or a part of the rows to test on")
    }
    guard request.folds == nil || request.testData == nil else {
      throw RequestError(
        .badRequest,
        "--cross-validate and --test-data exclude each other in a sweep, where folds take the place of test "
          + "rows; a run takes both")
    }
    let count = grids.reduce(0) { $0.addingReportingOverflow($1.candidateCount).partialValue }
    let (runs, overflow) = count.multipliedReportingOverflow(
      by: seeds.seeds.count * Self.divisionCount(request.folds, nested))
    guard !overflow, count >= 0, grids.allSatisfy({ $0.candidateCount <= Self.runLimit }),
      runs <= Self.runLimit
    else {
      throw RequestError(
        .badRequest,
        "the grid has more than \(Self.runLimit) runs; take fewer values, seeds or folds"
      )
    }
    candidates = try Self.candidates(of: self.grids)
  }

  /// Refuses costs, and outer folds that cannot be.
  private static func check(_ request: RunRequest, nested: Int?) throws(RequestError) {
    guard request.costs == nil, request.sortBy != .cost else {
      throw RequestError(
        .badRequest, "a sweep has no costs; give them to a run of its best candidate, with --cost")
    }
    guard let nested else { return }
    guard request.folds != nil else {
      throw RequestError(
        .badRequest,
        "--nested needs --cross-validate: its folds choose inside of each outer fold")
    }
    guard RunRequest.Folds(count: nested).isPossible else {
      throw RequestError(.badRequest, "--nested must be at least 2")
    }
  }

  /// Every combination of every grid, once.
  private static func candidates(of grids: [ParameterGrid]) throws(RequestError) -> [Candidate] {
    var candidates: [Candidate] = []
    for algorithm in Algorithm.allCases {
      var seen: Set<[ParameterSetting]> = []
      var number = 0
      for grid in grids where grid.algorithm == algorithm {
        for settings in grid.combinations where seen.insert(settings).inserted {
          number += 1
          let candidate = Candidate(algorithm: algorithm, number: number, settings: settings)
          _ = try candidate.classifier(seed: 0)
          candidates.append(candidate)
        }
      }
    }
    return candidates
  }

  /// The metric by which results are ranked.
  public var sortBy: Metric { request.sortBy ?? .accuracy }

  /// How many divisions of the rows there are: one per seed and fold.
  public var divisionCount: Int { seeds.seeds.count * divisionsPerSeed }

  var divisionsPerSeed: Int { Self.divisionCount(request.folds, nested) }

  /// How many divisions of all rows a seed has, by which candidates are ranked.
  var rankedPerSeed: Int { request.folds?.divisionCount ?? 1 }

  private static func divisionCount(_ folds: RunRequest.Folds?, _ nested: Int?) -> Int {
    let count = folds?.divisionCount ?? 1
    return count + (nested ?? 0) * (count + 1)
  }

  /// How many rows are learned from, and how many are judged on, to within one.
  var sizes: (training: Int, test: Int) {
    if let test = data.test { return (data.rows, test.rows) }
    let share = request.folds.map { 1 / Double($0.count) } ?? request.testFraction
    let test = min(data.rows, Int((share * Double(data.rows)).rounded(.up)))
    return (data.rows - test, test)
  }

  public var runCount: Int { candidates.count * divisionCount }

  /// - Precondition: `0..<runCount` contains the number.
  public func run(_ number: Int) -> SweepRun {
    let (division, candidate) = number.quotientAndRemainder(dividingBy: candidates.count)
    let (seed, part) = division.quotientAndRemainder(dividingBy: divisionsPerSeed)
    return SweepRun(
      number: number, candidate: candidates[candidate], candidateIndex: candidate,
      division: division, seed: seeds.seeds[seed],
      part: request.folds.map { self.part(part, $0) })
  }

  /// The folds of a seed's division, counted from 0.
  private func part(_ index: Int, _ folds: RunRequest.Folds) -> SweepRun.Part {
    func fold(_ number: Int, in outer: Int?) -> SweepRun.Part {
      SweepRun.Part(
        outer: outer, repetition: number / folds.count + 1, fold: number % folds.count + 1)
    }
    guard index >= rankedPerSeed else { return fold(index, in: nil) }
    let (outer, number) = (index - rankedPerSeed).quotientAndRemainder(
      dividingBy: rankedPerSeed + 1)
    return number < rankedPerSeed
      ? fold(number, in: outer + 1) : SweepRun.Part(outer: outer + 1, repetition: nil, fold: nil)
  }

  /// The numbers of a candidate's runs on consecutive divisions of a seed.
  ///
  /// - Parameters:
  ///   - seed: the seed's place in the list.
  ///   - divisions: counted from 0 within the seed.
  func runs(of candidate: Int, seed: Int, _ divisions: Range<Int>) -> [Int] {
    divisions.map { (seed * divisionsPerSeed + $0) * candidates.count + candidate }
  }

  static func words(_ runs: Int) -> String { runs == 1 ? "1 run" : "\(runs) runs" }

  /// The path of the sweep's folder where nothing else is said.
  public var standardPath: String {
    get throws { "runs/sweep-\(SHA256.hexDigest(of: try file).prefix(12))" }
  }

  /// The names of the hyper-parameters that the sweep sets, sorted.
  public var parameterNames: [String] {
    Set(grids.flatMap { $0.axes.map(\.name) }).sorted()
  }
}

/// The table of a sweep.
public struct SweptData: Codable, Hashable, Sendable {
  /// The file's name without its folder.
  public let file: String
  /// The SHA-256 of its bytes, in hexadecimal digits.
  public let sha256: String
  public let rows: Int
  public let features: [String]
  public let classes: [String]
  /// The second table, where there is one.
  public var test: RowDivision.TestData?
}

extension SweptData {
  /// - Throws: `DatasetError` where the table does not have the target.
  public init(_ table: CSVTable, _ preprocessing: Preprocessing) throws(DatasetError) {
    let left = preprocessing.dropping + preprocessing.dividing + [preprocessing.target.column]
    self.init(
      file: table.fileName, sha256: table.sha256,
      rows: table.testFile?.firstRow ?? table.rowCount,
      features: table.columnNames.filter { !left.containsBytes(of: $0) },
      classes: try preprocessing.labels(of: table).classNames,
      test: table.testFile.map {
        RowDivision.TestData(
          file: $0.name, sha256: $0.sha256, rows: table.rowCount - $0.firstRow)
      })
  }
}

/// One candidate with one seed, judged on one split or fold.
public struct SweepRun: Hashable, Sendable {
  /// The folds that a run is judged on, all counted from 1.
  public struct Part: Hashable, Sendable {
    /// The outer fold whose training rows are divided further; `nil` where all rows are.
    public let outer: Int?
    /// The fold of a repeat; both are `nil` where the outer fold itself is judged on.
    public let repetition: Int?
    public let fold: Int?
  }

  /// Counted from 0.
  public let number: Int
  public let candidate: Candidate
  /// Which of the plan's candidates it is, counted from 0.
  public let candidateIndex: Int
  /// Which of the plan's divisions of the rows it is judged on, counted from 0.
  public let division: Int
  public let seed: UInt32
  /// `nil` where a split is judged on.
  public let part: Part?

  /// What it is judged on.
  var divisionName: DivisionName {
    guard let part else { return .split(seed: seed) }
    return .fold(repetition: part.repetition ?? 1, number: part.fold ?? part.outer ?? 1)
  }

  /// The run's folder, within the sweep's.
  var place: String {
    func digits(_ number: Int) -> String { "\(number < 10 ? "0" : "")\(number)" }
    var place = "runs/\(candidate.name)/seed-\(seed)"
    if let outer = part?.outer { place += "-outer-\(digits(outer))" }
    if let repetition = part?.repetition, let fold = part?.fold {
      place += "-repeat-\(repetition)-fold-\(digits(fold))"
    }
    return place
  }

  /// Such as `RandomForest-003, seed 7, fold 2`.
  public var words: String {
    var words = "\(candidate.name), seed \(seed)"
    if let outer = part?.outer { words += ", outer fold \(outer)" }
    if let repetition = part?.repetition, repetition > 1 { words += ", repeat \(repetition)" }
    if let fold = part?.fold { words += ", fold \(fold)" }
    return words
  }
}
