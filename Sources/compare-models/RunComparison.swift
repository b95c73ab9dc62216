import ArgumentParser
import Classifiers
import Datasets
import ModelComparison

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The batch job.
struct RunComparison: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: CompareModels.configuration.abstract,
    discussion: """
      Without options it reads data/diamonds.csv, predicts whether a diamond's cut is Gold or Silver, \
      prints a table, and writes a run folder below runs/.

      EXAMPLES
        compare-models --seed 7 --set RandomForest.n_estimators=200
        compare-models --data iris.csv --target species --models RandomForest,GaussianNB
        compare-models --classes "Gold=Ideal" --classes "Silver=*" --format markdown
      """)

  @Option(help: "The CSV file to read.")
  var data = "data/diamonds.csv"

  @Option(help: "The column to predict. (default: cut)")
  var target: String?

  @Option(
    help: ArgumentHelp(
      "A class and the target's values that mean it, as NAME=VALUE,VALUE or NAME=* for all others; "
        + "repeat it for each class. Without it, cut becomes Gold and Silver, and another target's "
        + "own values are the classes.", valueName: "class"))
  var classes: [String] = []

  @Option(help: "A column to leave out; repeat it for each.")
  var drop: [String] = []

  @Option(help: "A column whose numbers are names; repeat it for each.")
  var categorical: [String] = []

  @Option(help: "The models to compare, separated by commas. (default: all four)")
  var models: String?

  @Option(help: "The seed of the split and of every random draw, from 0 to 4294967295.")
  var seed: UInt32 = 42

  @Option(help: "The share of rows to test on, above 0 and below 1.")
  var testFraction = 0.2

  @Option(help: "How many threads may work; results do not depend on it. (default: all cores)")
  var threads: Int?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A hyper-parameter under scikit-learn's name, such as RandomForest.max_depth=8; repeat it for "
        + "each.", valueName: "model.name=value"))
  var settings: [String] = []

  @Option(
    help: ArgumentHelp(
      "The rows that encoders and scaler learn from: all, as the original does, or training, which "
        + "keeps the test rows unseen.", valueName: "all|training"))
  var fitPreprocessing = Preprocessing.FittedOn.all

  @Option(help: "The folder to write; it must be new or empty. (default: runs/<UTC time>-<seed>)")
  var output: String?

  @Option(
    help: ArgumentHelp("How the comparison is printed.", valueName: "table|markdown|csv|json"))
  var format = OutputFormat.table

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
    guard testFraction > 0, testFraction < 1 else {
      throw ValidationError("--test-fraction must be above 0 and below 1.")
    }
    _ = try candidates()
    _ = try preprocessing()
  }

  func execute() throws {
    let folder = try RunFolder(path: output ?? RunFolderName.unused(seed: seed))
    Interruption.install(folder)
    let preprocessing = try preprocessing()
    let table = try CSVTable(contentsOf: data, textColumns: preprocessing.textColumns)
    let prepared = try preprocessing.prepare(
      table, split: TrainTestSplit(testFraction: testFraction, seed: seed))
    let comparison = Comparison(
      candidates: try candidates(), threads: threads ?? Parallelism.availableThreads)
    try folder.create()
    do {
      let runs = try comparison.run(on: prepared, recorder: folder) { name in
        if StandardError.isTerminal { StandardError.write("Fitting \(name)") }
      }
      let document = ComparisonDocument(
        seed: seed, table: table, data: prepared, runs: runs,
        versions: ["compare-models": CompareModels.version, "swift": swiftVersion])
      try folder.finish(document)
      try StandardOutput.write(text(of: runs, document))
      StandardError.write("Results are in \(folder.path)")
    } catch {
      folder.abandon()
      throw error
    }
  }

  private func text(of runs: [RunReport], _ document: ComparisonDocument) throws -> String {
    let table = ComparisonTable(runs)
    let bold = StandardOutput.isTerminal && getenv("NO_COLOR") == nil
    return switch format {
    case .table: table.rendered(as: .table, bold: bold)
    case .markdown: table.rendered(as: .markdown)
    case .csv: table.rendered(as: .csv)
    case .json: String(decoding: try document.json(), as: UTF8.self)
    }
  }

  private func preprocessing() throws -> Preprocessing {
    let rules = try classes.map { text in
      do {
        return try ClassRule(parsing: text)
      } catch {
        throw ValidationError("--classes: \(error).")
      }
    }
    let target =
      target == nil && rules.isEmpty
      ? TargetRule.diamonds : TargetRule(column: target ?? "cut", classes: rules)
    return Preprocessing(
      target: target, dropping: drop, categorical: categorical, fittedOn: fitPreprocessing)
  }

  /// The classifiers that were asked for, with the hyper-parameters that were set.
  private func candidates() throws -> [any Classifier] {
    let algorithms = try models.map { list in
      try list.split(separator: ",").map { try algorithm(named: String($0)) }
    }
    let chosen = algorithms ?? Algorithm.allCases
    guard !chosen.isEmpty, Set(chosen).count == chosen.count else {
      throw ValidationError("--models must name each model once.")
    }
    var classifiers = chosen.map { $0.classifier(seed: seed) }
    for setting in settings {
      guard let equals = setting.firstIndex(of: "="), let dot = setting.firstIndex(of: "."),
        dot < equals
      else {
        throw ValidationError("--set must be MODEL.NAME=VALUE, was \"\(setting)\".")
      }
      let algorithm = try algorithm(named: String(setting[..<dot]))
      guard let index = chosen.firstIndex(of: algorithm) else {
        throw ValidationError(
          "--set \(setting): \(algorithm.rawValue) is not among the models to compare.")
      }
      do throws(ParameterError) {
        try classifiers[index].set(
          String(setting[setting.index(after: dot)..<equals]),
          to: HyperparameterValue(parsing: String(setting[setting.index(after: equals)...])))
        try classifiers[index].validate()
      } catch {
        throw ValidationError("--set \(setting): \(error.description).")
      }
    }
    return classifiers
  }

  private func algorithm(named name: String) throws -> Algorithm {
    let match = Algorithm.allCases.first { $0.rawValue.lowercased() == name.lowercased() }
    guard let match else {
      let names = Algorithm.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("There is no model \"\(name)\"; there are \(names).")
    }
    return match
  }
}

/// How the comparison is printed.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case table
  case markdown
  case csv
  case json
}

extension Preprocessing.FittedOn: ExpressibleByArgument {}

/// The version of the compiler, as far as it can be told at compile time.
private var swiftVersion: String {
  #if compiler(>=6.3)
    "6.3"
  #else
    "6.2"
  #endif
}
