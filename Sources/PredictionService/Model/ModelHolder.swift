import Support

/// The model that is served at the moment.
///
/// A request asks once and keeps what it got, so taking over another model happens between requests.
public final class ModelHolder: Sendable {
  private let model: Mutex<ServedModel?>

  public init(_ model: ServedModel? = nil) { self.model = Mutex(model) }

  public var current: ServedModel? { model.withLock { $0 } }

  /// Lets a model answer the requests that come from now on.
  public func take(_ model: ServedModel) { self.model.withLock { $0 = model } }
}
