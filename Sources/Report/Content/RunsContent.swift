/// Several runs side by side, as values.
public struct RunsContent: Sendable {
  public struct Run: Sendable {
    /// A name that no other of the runs has.
    public var name: String
    public var command: String?
    /// What the run was made with; every run has the same names in the same order.
    public var facts: [(name: String, value: String)]
    public var models: [ModelContent]

    public init(
      name: String, command: String?, facts: [(name: String, value: String)],
      models: [ModelContent]
    ) {
      self.name = name
      self.command = command
      self.facts = facts
      self.models = models
    }
  }

  public var title: String
  public var answer: Answer
  public var metrics: [MetricColumn]
  /// The keys of the metrics that are drawn.
  public var drawnMetrics: [String]
  /// The first is what the others are compared with.
  public var runs: [Run]

  public init(
    title: String, answer: Answer, metrics: [MetricColumn], drawnMetrics: [String], runs: [Run]
  ) {
    self.title = title
    self.answer = answer
    self.metrics = metrics
    self.drawnMetrics = drawnMetrics
    self.runs = runs
  }

  /// Every model's name once, in the order in which the runs name them.
  var modelNames: [String] {
    var names: [String] = []
    for model in runs.flatMap(\.models) where !names.contains(model.name) {
      names.append(model.name)
    }
    return names
  }
}
