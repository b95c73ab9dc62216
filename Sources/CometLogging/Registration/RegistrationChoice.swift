import Comet
import Comparison
public import Evaluation
public import ModelRegistry
import Support

/// Which model of a run is registered, under which names, and whether it goes into use.
public struct RegistrationChoice: Hashable, Sendable {
  /// A stage for the new versions, which is taken from the old ones.
  public var stage: String?
  /// The metric on the test rows whose best model is registered.
  public var metric: Metric
  /// Whether only a model that is better than the one in use gets the stage.
  public var promotesIfBetter: Bool
  /// What the names in the registry begin with, as it was typed.
  public var typedPrefix: String

  public init(
    stage: String? = nil, metric: Metric = .f1, promotesIfBetter: Bool = false,
    prefix: String = SetNames.standardPrefix
  ) {
    self.stage = stage
    self.metric = metric
    self.promotesIfBetter = promotesIfBetter
    typedPrefix = prefix
  }

  var stageToGive: String? { stage ?? (promotesIfBetter ? "production" : nil) }
  public var prefix: String { RegistryName.normalized(typedPrefix) }

  /// Whether any of it differs from what holds without options.
  public var isGiven: Bool { self != RegistrationChoice() }

  /// The command that registers a run, or takes up what was begun.
  public func command(for path: String, data: String) -> String {
    var words = [path]
    if let stage { words += ["--stage", stage] }
    if metric != .f1 { words += ["--select-by", metric.rawValue] }
    if promotesIfBetter { words.append("--promote-if-better") }
    if typedPrefix != SetNames.standardPrefix { words += ["--registry-prefix", typedPrefix] }
    if data != RunRequest.standard.data { words += ["--data", data] }
    return "compare-models register " + words.map(ShellCommand.quoted).joined(separator: " ")
  }
}
