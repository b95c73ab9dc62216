import Classifiers
import Datasets
import LinearAlgebra
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// The data under measurement, the models fitted to it, and the parts that can be timed.
struct Workbench {
  private var training: Dataset?
  private var test: Dataset?
  private var all: Matrix?
  private var models: [String: any ClassificationModel] = [:]
  private var labels: [String: [Int]] = [:]

  mutating func answer(_ verb: String, _ words: [String]) throws -> String {
    switch verb {
    case "read":
      guard let path = words.first else { throw RequestError(description: "read PATH") }
      let threads = Options(words.dropFirst())["threads"] ?? Parallelism.availableThreads
      return String(try seconds { _ = try table(path, threads: threads) })
    case "csv":
      guard let path = words.first else { throw RequestError(description: "csv PATH") }
      return String(try seconds { try readCSV(path) })
    case "raw":
      try readRaw(words)
      return "ok"
    case "time":
      guard let part = words.first else { throw RequestError(description: "time PART") }
      return String(try time(part, Options(words.dropFirst())))
    case "labels":
      guard let labels = labels[words.first ?? ""] else {
        throw RequestError(description: "nothing was predicted yet")
      }
      return SHA256.hexDigest(of: labels.map { UInt8($0) })
    default: throw RequestError(description: "unknown request \(verb)")
    }
  }

  private func table(_ path: String, threads: Int) throws -> CSVTable {
    try CSVTable(
      contentsOf: path, Preprocessing().reading, threads: threads)
  }

  private mutating func readCSV(_ path: String) throws {
    let data = try Preprocessing().prepare(
      table(path, threads: Parallelism.availableThreads),
      split: TrainTestSplit(testFraction: 0.2, seed: 42),
      threads: Parallelism.availableThreads)
    take(data.training, data.test)
  }

  /// Features as little-endian doubles, row by row, training rows first, then a byte per row: its
  /// class.
  private mutating func readRaw(_ words: [String]) throws {
    let sizes = words.dropFirst().compactMap { Int($0) }
    guard sizes.count == 4, let file = fopen(words[0], "rb") else {
      throw RequestError(description: "raw PATH TRAINING_ROWS TEST_ROWS FEATURES CLASSES")
    }
    defer { fclose(file) }
    // Nothing is in memory twice, since peaks are read off this process.
    func features(_ rowCount: Int) throws -> Matrix {
      let elements = [Double](unsafeUninitializedCapacity: rowCount * sizes[2]) { buffer, count in
        count = fread(buffer.baseAddress, 8, rowCount * sizes[2], file)
      }
      guard elements.count == rowCount * sizes[2] else {
        throw RequestError(description: "\(words[0]) is too short")
      }
      return Matrix(rowCount: rowCount, columnCount: sizes[2], elements: elements)
    }
    func dataset(_ features: Matrix) throws -> Dataset {
      let classes = [UInt8](unsafeUninitializedCapacity: features.rowCount) { buffer, count in
        count = fread(buffer.baseAddress, 1, features.rowCount, file)
      }
      guard classes.count == features.rowCount else {
        throw RequestError(description: "\(words[0]) is too short")
      }
      return Dataset(
        features: features, labels: classes.map { Int($0) },
        featureNames: (0..<sizes[2]).map { "x\($0)" },
        classNames: (0..<sizes[3]).map { "c\($0)" })
    }
    let (training, test) = (try features(sizes[0]), try features(sizes[1]))
    take(try dataset(training), try dataset(test))
  }

  private mutating func take(_ training: Dataset, _ test: Dataset) {
    self.training = training
    self.test = test
    all = nil
    models = [:]
  }

  /// Training and test rows, put together when they are first asked for.
  private mutating func allRows(_ training: Dataset, _ test: Dataset) -> Matrix {
    if let all { return all }
    let rows = Matrix(
      rowCount: training.sampleCount + test.sampleCount, columnCount: training.featureCount,
      elements: training.features.elements + test.features.elements)
    all = rows
    return rows
  }

  private mutating func time(_ part: String, _ options: Options) throws -> Double {
    let names = part.split(separator: ".").map(String.init)
    guard names.count == 2, let algorithm = Self.algorithms[names[0]], let training, let test
    else { throw RequestError(description: "cannot time \(part)") }
    var classifier = algorithm.classifier(seed: 42)
    if let trees = options["trees"] { try classifier.set("n_estimators", to: .integer(trees)) }
    if let count = options["neighbors"] { try classifier.set("n_neighbors", to: .integer(count)) }
    if algorithm == .histGradientBoosting {
      try classifier.set("max_iter", to: .integer(options["rounds"] ?? 100))
      try classifier.set("early_stopping", to: .boolean(false))
    }
    let threads = options["threads"] ?? Parallelism.availableThreads
    if names[1] == "save" || names[1] == "load" {
      guard let model = models[names[0]] else { throw RequestError(description: "fit first") }
      let files = SavedFiles(model, classifier, training)
      defer { files.remove() }
      let saving = try seconds { try files.save() }
      return names[1] == "save" ? saving : try seconds { try files.load() }
    }
    var taken = 0.0
    if names[1].hasPrefix("fit") {
      taken += try seconds { models[names[0]] = try classifier.fit(training, threads: threads) }
    }
    if names[1].hasSuffix("predict") {
      guard let model = models[names[0]] else { throw RequestError(description: "fit first") }
      let queries = options["test"] == 1 ? test.features : allRows(training, test)
      var predicted: [Int] = []
      taken += seconds {
        predicted = model.probabilities(for: queries, threads: threads).rowArgMax()
      }
      labels[names[0]] = predicted
    }
    return taken
  }

  private static let algorithms: [String: Algorithm] = [
    "forest": .randomForest, "tree": .decisionTree, "bayes": .gaussianNaiveBayes,
    "neighbors": .kNearestNeighbors, "boosting": .histGradientBoosting,
    "logistic": .logisticRegression,
  ]
}

/// How long `work` takes, in seconds.
func seconds(_ work: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  try work()
  let taken = (clock.now - start).components
  return Double(taken.seconds) + Double(taken.attoseconds) * 1e-18
}

/// `name=number` words.
struct Options {
  private var values: [String: Int] = [:]

  init(_ words: some Sequence<String>) {
    for word in words {
      let parts = word.split(separator: "=")
      if parts.count == 2, let value = Int(parts[1]) { values[String(parts[0])] = value }
    }
  }

  subscript(name: String) -> Int? { values[name] }
}
