public import Support

/// A file of a journal or an archive that could not be made, read or written.
public struct JournalError: Error, Hashable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    case missing
    case cannotCreate
    case cannotWrite
    /// Another process writes it.
    case inUse
    /// Its process ended before anything was recorded.
    case empty
    /// What is in it is not what must be in it.
    case damaged
    /// It was to be continued, but Comet has all of it.
    case finished
  }

  public let kind: Kind
  public let path: String
  public let problem: String

  public var description: String { "\(path): \(problem)" }

  init(_ kind: Kind, _ path: String, _ problem: String) {
    self.kind = kind
    self.path = path
    self.problem = problem
  }

  init(_ kind: Kind, _ error: FileError) { self.init(kind, error.path, error.problem) }
}

/// A file that grows at its end and is read anywhere, for one process at a time.
///
/// The lock goes with the process, however it ends.
final class JournalFile: Sendable {
  let path: String
  private let file: OpenFile

  /// Makes a new file.
  init(creating path: String) throws(JournalError) {
    self.path = path
    do throws(FileError) {
      file = try OpenFile(path, .createToAppend)
    } catch {
      throw JournalError(.cannotCreate, error)
    }
    // Nobody else knows a file that has just been made.
    _ = file.lock()
  }

  /// Opens a file that is there.
  init(opening path: String) throws(JournalError) {
    self.path = path
    do throws(FileError) {
      file = try OpenFile(path, .append)
    } catch {
      throw JournalError(error.isMissing ? .missing : .cannotWrite, error)
    }
    guard file.lock() else {
      throw JournalError(
        .inUse, path, "another process is writing it; wait until it has ended")
    }
  }

  /// Writes all of the bytes, in one call where the system takes them in one.
  func append(_ bytes: [UInt8]) throws(JournalError) {
    do throws(FileError) {
      try file.write(bytes)
    } catch {
      throw JournalError(.cannotWrite, error)
    }
  }

  /// Brings what was written to the disk itself, so that it outlives the machine. A disk that cannot do it
  /// loses at most what a power cut loses.
  func flush() { try? file.flush() }

  func read(at offset: Int, count: Int) throws(JournalError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try file.read(at: offset, count: count)
    } catch {
      throw JournalError(.damaged, error)
    }
    guard bytes.count == count else { throw JournalError(.damaged, path, "it ends too early") }
    return bytes
  }

  var size: Int { information?.size ?? 0 }

  /// When the file was last written, in milliseconds since 1970.
  var changeTime: Int { information?.changed.milliseconds ?? 0 }

  private var information: FileInformation? { try? file.information }

  /// Cuts off what stands behind a place.
  func truncate(to size: Int) throws(JournalError) {
    do throws(FileError) {
      try file.truncate(to: size)
    } catch {
      throw JournalError(.cannotWrite, error)
    }
  }
}

extension JournalError: ExitStatusProviding {
  public var exitStatus: Int32 {
    switch kind {
    case .missing: 66
    case .cannotCreate: 73
    case .cannotWrite: 74
    case .inUse: 75
    case .empty, .damaged, .finished: 65
    }
  }
}
