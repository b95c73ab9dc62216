/// A file that is written piece by piece under a temporary name, and gets its own when it is whole.
///
///     let file = AtomicFile("runs/1/ranking.csv")
///     try file.append("rank,model\n")
///     try file.finish()
///
/// Until then whoever opens the name finds what was there before. A pipe, a device or another thing that
/// is no regular file is written to as it is.
public final class AtomicFile: Sendable {
  /// The file that is to be there.
  public let path: String
  private let temporary: String
  private let isDurable: Bool
  private let state = Mutex(State.new)
  /// Text that was appended and not yet written. Held by whoever writes; ``abandon()`` does not wait for it.
  private let buffer = Mutex<[UInt8]>([])

  /// How much text is gathered before it is written.
  private static let bufferSize = 1 << 16

  private enum State {
    case new
    /// - Parameter isSpecial: whether it is written to under its own name.
    case begun(OpenFile, isSpecial: Bool)
    /// Something could not be written; the temporary file is gone.
    case failed(FileError)
    case ended
  }

  /// - Parameters:
  ///   - temporary: the name that the file has meanwhile, on the same file system.
  ///   - isDurable: whether the bytes must be on the disk itself before the file has its name.
  public init(_ path: String, temporary: String? = nil, isDurable: Bool = false) {
    self.path = path
    self.temporary = temporary ?? Self.temporaryName(path)
    self.isDurable = isDurable
  }

  deinit { abandon() }

  /// What a file is called until it is whole.
  public static func temporaryName(_ path: String) -> String { path + ".partial" }

  /// Adds text; it is gathered and written in larger pieces.
  ///
  /// - Throws: also what failed earlier, here and below.
  public func append(_ text: String) throws(FileError) {
    try buffer.withLock { buffer throws(FileError) in
      buffer.append(contentsOf: text.utf8)
      if buffer.count >= Self.bufferSize { try write(&buffer) }
    }
  }

  /// Adds bytes, which are written at once.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try buffer.withLock { buffer throws(FileError) in
      try write(&buffer)
      try write(bytes)
    }
  }

  /// Adds bytes, which are written at once.
  public func append(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
      try append(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Writes what is left and gives the file its name, unless it was abandoned meanwhile.
  public func finish() throws(FileError) {
    try buffer.withLock { buffer throws(FileError) in
      try write(&buffer)
      _ = try opened()
    }
    try state.withLock { state throws(FileError) in
      guard case .begun(let file, let isSpecial) = state else { return }
      do throws(FileError) {
        if isDurable, !isSpecial { try file.flush() }
        try file.close()
        if !isSpecial { try Files.move(temporary, to: path) }
        state = .ended
      } catch {
        fail(&state, error)
        throw error
      }
    }
  }

  /// Removes what was written, unless the file has its name already. Nothing more is written.
  public func abandon() {
    state.withLock { state in
      // Another thread may still be writing; the file is closed when it has ended.
      removeTemporary(state)
      if case .failed = state { return }
      state = .ended
    }
  }

  private func write(_ buffer: inout [UInt8]) throws(FileError) {
    guard !buffer.isEmpty else { return }
    defer { buffer.removeAll(keepingCapacity: true) }
    try buffer.withUnsafeBufferPointer { bytes throws(FileError) in
      try write(UnsafeRawBufferPointer(bytes))
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    let file = try opened()
    do throws(FileError) {
      try file?.write(bytes)
    } catch {
      state.withLock { fail(&$0, error) }
      throw error
    }
  }

  private func fail(_ state: inout State, _ error: FileError) {
    removeTemporary(state)
    if case .begun = state { state = .failed(error) }
  }

  private func removeTemporary(_ state: State) {
    if case .begun(_, isSpecial: false) = state { Files.remove(temporary) }
  }

  /// The file, made where it has not been; `nil` where it was abandoned.
  private func opened() throws(FileError) -> OpenFile? {
    switch state.withLock({ $0 }) {
    case .begun(let file, _): return file
    case .failed(let error): throw error
    case .ended: return nil
    case .new: break
    }
    let kind = Files.information(path)?.kind
    if kind == nil || kind == .file {
      // Under the lock: whoever abandons the file removes it, or it is never made.
      return try state.withLock { state throws(FileError) in
        guard case .new = state else { return nil }
        let file = try OpenFile(temporary, .replace, name: path)
        state = .begun(file, isSpecial: false)
        return file
      }
    }
    // Without the lock: a pipe opens only when somebody reads from it.
    let file = try OpenFile(path, .write, name: path)
    return state.withLock { state in
      guard case .new = state else { return nil }
      state = .begun(file, isSpecial: true)
      return file
    }
  }
}
