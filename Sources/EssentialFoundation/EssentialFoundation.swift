// What swift-mustache needs of Foundation and FoundationEssentials does not have. Programs for
// release are built with this module in Foundation's place, `deploy/build-release.sh`: full
// Foundation would make each of them 44 MB larger, for these three names.
//
// Apple's systems come with all of Foundation; nothing is needed there.
#if canImport(FoundationEssentials)
  @_exported import FoundationEssentials
  import Glibc

  /// A lock for one holder at a time.
  public final class NSLock: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    public init() {
      let status = pthread_mutex_init(mutex, nil)
      precondition(status == 0, "a lock can be made")
    }

    deinit {
      pthread_mutex_destroy(mutex)
      mutex.deallocate()
    }

    public func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return try body()
    }
  }

  /// Nothing, as an object.
  public final class NSNull: Sendable {
    public init() {}
  }

  extension FileManager {
    /// The paths of everything below a folder, relative to it; `nil` where it cannot be read.
    public func enumerator(atPath path: String) -> [Any]? { try? subpathsOfDirectory(atPath: path) }
  }
#endif
