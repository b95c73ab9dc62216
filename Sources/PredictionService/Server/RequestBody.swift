import NIOCore

/// The body of the request that a connection reads, and the room that it has taken for it.
struct RequestBody {
  /// The size of a body for which no room is taken.
  private static let freeSize = 4096

  private let held: HeldMemory
  private var heldCount = 0
  /// The length that was announced, in bytes; 0 if none was.
  private var length = 0
  private var bytes = ByteBuffer()

  init(_ held: HeldMemory) { self.held = held }

  /// How many bytes are still to come; 0 if that is not known.
  var missingCount: Int { max(0, length - bytes.readableBytes) }

  /// Prepares for a body.
  ///
  /// - Parameter length: as announced, in bytes; 0 if it is not.
  /// - Throws: where it is too large, or where there is no room now.
  mutating func begin(length: Int) throws(Problem) {
    self.length = length
    try hold(length)
    bytes.reserveCapacity(length)
  }

  /// - Throws: as ``begin(length:)``.
  mutating func append(_ part: inout ByteBuffer) throws(Problem) {
    try hold(bytes.readableBytes + part.readableBytes)
    bytes.writeBuffer(&part)
  }

  /// The bytes that have come, which the body has no longer. The room is kept.
  mutating func take() -> ByteBuffer {
    defer { bytes = ByteBuffer() }
    return bytes
  }

  mutating func releaseRoom() {
    held.remove(heldCount)
    heldCount = 0
  }

  /// Takes room for a body of that size; where its length was not announced, for more than that.
  private mutating func hold(_ size: Int) throws(Problem) {
    guard size <= ServiceState.bodyLimit else { throw .bodyTooLarge }
    guard size > max(heldCount, Self.freeSize) else { return }
    let isSmall = size <= MemoryBudget.smallSize
    let wanted =
      size <= length ? length : isSmall ? MemoryBudget.smallSize : ServiceState.bodyLimit
    guard held.add(wanted - heldCount) else { throw .busy }
    heldCount = wanted
  }
}
