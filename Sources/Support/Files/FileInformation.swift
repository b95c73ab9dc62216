#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// What the system knows about a file or folder. Two values differ when it was replaced or written to.
public struct FileInformation: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case file
    case folder
    case link
    /// A pipe, a socket or a device.
    case other
  }

  public let kind: Kind
  /// In bytes.
  public let size: Int
  /// When it was last written to.
  public let changed: Timestamp
  /// What the file system calls it, whatever its name is.
  public let number: UInt64
  private let device: UInt64

  init(_ information: stat) {
    kind =
      switch information.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    size = Int(information.st_size)
    #if canImport(Darwin)
      changed = Timestamp(information.st_mtimespec)
    #else
      changed = Timestamp(information.st_mtim)
    #endif
    number = UInt64(information.st_ino)
    device = UInt64(truncatingIfNeeded: information.st_dev)
  }

  /// Whether both are of the same file, whatever was written to it in between.
  public func isSameFile(as other: FileInformation) -> Bool {
    number == other.number && device == other.device
  }
}
