import Comet
import ModelFiles

/// The names that the parts of a model have in the registry.
///
/// A set is a model with what prepares its rows. With the prefix `diamonds` its parts are
/// `diamonds-model`, `diamonds-scaler`, `diamonds-label-encoder`, and for every column of text one like
/// `diamonds-color-feature-label-encoder`.
public struct SetNames: Hashable, Sendable {
  public static let standardPrefix = "diamonds"

  public let prefix: String

  /// - Parameter prefix: already in the registry's spelling, see `RegistryName.normalized(_:)`.
  public init(prefix: String = standardPrefix) { self.prefix = prefix }

  public var model: String { prefix + "-model" }
  /// The names of the models that did not see the test rows, where those with this prefix were fitted
  /// again on all rows: none of them is a name of a part of the other set.
  public var twins: SetNames { SetNames(prefix: "twin-of-" + prefix) }
  var scaler: String { prefix + "-scaler" }
  var labelEncoder: String { prefix + "-label-encoder" }
  /// The model as an ONNX graph, which not every set has.
  var graph: String { prefix + "-onnx" }
  private static let encoderEnding = "-feature-label-encoder"
  private static let encoderFileEnding = "FeatureLabelEncoder.json"

  /// What every set has.
  var always: [String] { [model, scaler, labelEncoder] }

  /// The name of a file of a saved model; `nil` for a file that is none.
  func name(ofFile file: String) -> String? {
    switch file {
    case ModelFile.name: model
    case ModelFile.graphName: graph
    case "scaler.json": scaler
    case "labelEncoder.json": labelEncoder
    default:
      file.hasSuffix(Self.encoderFileEnding)
        ? RegistryName.normalized(
          prefix + "-" + file.dropLast(Self.encoderFileEnding.count) + Self.encoderEnding) : nil
    }
  }

  /// Whether the name is that of a column's encoder.
  ///
  /// `diamonds-eu-color-feature-label-encoder` belongs to the prefix `diamonds-eu` where the registry
  /// has a `diamonds-eu-model`, else to `diamonds`.
  ///
  /// - Parameter all: every name of the registry.
  func isEncoder(_ name: String, among all: some Sequence<String>) -> Bool {
    guard name.hasPrefix(prefix + "-"), name.hasSuffix(Self.encoderEnding),
      name.count > prefix.count + 1 + Self.encoderEnding.count
    else { return false }
    return !all.contains { other in
      guard other.hasSuffix("-model") else { return false }
      let longer = other.dropLast("-model".count)
      return longer.count > prefix.count && name.hasPrefix(longer + "-")
        && name.count > longer.count + Self.encoderEnding.count
    }
  }
}
