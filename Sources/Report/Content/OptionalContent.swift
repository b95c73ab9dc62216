/// Tests of each pair of models on the same test rows.
public struct PairTestContent: Sendable {
  public struct Test: Hashable, Sendable {
    public var first: String
    public var second: String
    /// The name of the test.
    public var test: String
    /// The first model's lead, with the interval where there is one.
    public var difference: MetricValue
    /// The p-value as the test gives it, and after correction for the number of pairs.
    public var pValue: Double
    public var correctedPValue: Double

    public init(
      first: String, second: String, test: String, difference: MetricValue, pValue: Double,
      correctedPValue: Double
    ) {
      self.first = first
      self.second = second
      self.test = test
      self.difference = difference
      self.pValue = pValue
      self.correctedPValue = correctedPValue
    }
  }

  public var tests: [Test]
  /// How the tests were done.
  public var note: String

  public init(tests: [Test], note: String) {
    self.tests = tests
    self.note = note
  }
}

/// The scores of cross-validation.
public struct FoldContent: Sendable {
  public struct Model: Sendable {
    public var name: String
    /// A score for every fold, in order.
    public var scores: [Double]
    public var mean: Double
    public var deviation: Double

    public init(name: String, scores: [Double], mean: Double, deviation: Double) {
      self.name = name
      self.scores = scores
      self.mean = mean
      self.deviation = deviation
    }
  }

  /// What the folds say about two models.
  public struct Pair: Hashable, Sendable {
    public var first: String
    public var second: String
    /// The mean of first minus second.
    public var difference: Double
    /// Of the corrected resampled t-test, and after correction for the number of pairs.
    public var pValue: Double
    public var correctedPValue: Double
    /// The probabilities that the first is better, that both are practically the same, and that the
    /// second is better.
    public var probabilities: [Double]

    public init(
      first: String, second: String, difference: Double, pValue: Double, correctedPValue: Double,
      probabilities: [Double]
    ) {
      self.first = first
      self.second = second
      self.difference = difference
      self.pValue = pValue
      self.correctedPValue = correctedPValue
      self.probabilities = probabilities
    }
  }

  /// The metric that the scores are of.
  public var metric: String
  public var models: [Model]
  public var pairs: [Pair]
  public var note: String

  public init(metric: String, models: [Model], pairs: [Pair], note: String) {
    self.metric = metric
    self.models = models
    self.pairs = pairs
    self.note = note
  }
}

/// Scores by the number of rows learnt from.
public struct LearningContent: Sendable {
  public struct Model: Sendable {
    public var name: String
    public var rowCounts: [Int]
    /// Mean scores on rows not learnt from, and their deviations over folds where there are several.
    public var means: [Double]
    public var deviations: [Double]

    public init(name: String, rowCounts: [Int], means: [Double], deviations: [Double]) {
      self.name = name
      self.rowCounts = rowCounts
      self.means = means
      self.deviations = deviations
    }
  }

  public var metric: String
  public var models: [Model]

  public init(metric: String, models: [Model]) {
    self.metric = metric
    self.models = models
  }
}

/// What the models learnt from and were judged on.
public struct DataContent: Sendable {
  public struct Feature: Sendable {
    public enum Bins: Hashable, Sendable {
      /// Borders, one more than there are bins; the outermost bins also hold what lies beyond.
      case numbers(edges: [Double])
      case categories([String])
    }

    public var name: String
    public var bins: Bins
    /// `counts[class][bin]` over all rows.
    public var counts: [[Int]]

    public init(name: String, bins: Bins, counts: [[Int]]) {
      self.name = name
      self.bins = bins
      self.counts = counts
    }
  }

  /// Rows of each class in the training and in the test part.
  public var trainingCounts: [Int]
  public var testCounts: [Int]
  public var features: [Feature]

  public init(trainingCounts: [Int], testCounts: [Int], features: [Feature]) {
    self.trainingCounts = trainingCounts
    self.testCounts = testCounts
    self.features = features
  }
}

/// How the run was made, so that it can be made again.
public struct Provenance: Sendable {
  /// The command as it can be typed.
  public var command: String?
  /// Facts under their names, such as the seed or a checksum.
  public var facts: [(name: String, value: String)]

  public init(command: String?, facts: [(name: String, value: String)]) {
    self.command = command
    self.facts = facts
  }
}
