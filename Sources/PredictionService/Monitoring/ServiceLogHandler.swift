import JSON
public import Logging
import Support

/// Writes log entries to standard error, one a line: as text, or as JSON.
public struct ServiceLogHandler: LogHandler {
  /// How an entry is written.
  public enum Format: String, CaseIterable, Sendable {
    case text
    case json
  }

  public var logLevel: Logger.Level
  public var metadata: Logger.Metadata = [:]
  private let format: Format

  public init(_ format: Format, level: Logger.Level = .info) {
    self.format = format
    logLevel = level
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { $1 }.map {
      ($0.key, $0.value.description)
    }
    .sorted { $0.0 < $1.0 }
    let message = event.message.description
    var bytes: [UInt8] = []
    switch format {
    case .text:
      // A line end in a message would look like another entry.
      let text = SafeText.line(fields.reduce(message) { $0 + " " + $1.0 + "=" + $1.1 }, limit: 4000)
      bytes += "\(Timestamp.now.text) \(event.level.rawValue) \(text)\n".utf8
    case .json:
      var members: [JSONValue.Member] = [
        .init("time", .string(Timestamp.now.text)), .init("level", .string(event.level.rawValue)),
        .init("message", .string(message)),
      ]
      for (name, value) in fields where !["time", "level", "message"].contains(name) {
        members.append(.init(name, .string(value)))
      }
      JSONValue.object(members).write(to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
    StandardError.show(bytes)
  }
}
