import CCurl
import Support

/// Requests over libcurl: one multi handle on a thread of its own.
///
/// Connections are kept and shared, over HTTP/2 where the server offers it. Servers must prove who they
/// are. Proxies are taken from the variables that libcurl knows (`https_proxy`, `no_proxy`, …).
/// Redirects are followed with method and body, but the `Authorization` header goes to the first host
/// only, and never from HTTPS to HTTP.
public final class CurlTransport: HTTPTransport {
  public struct Configuration: Hashable, Sendable {
    /// How many requests are under way at once.
    public var maximumConnections = 8
    /// Seconds until a connection must stand.
    public var connectTimeout = 5.0
    /// Seconds without a byte after which an exchange has failed.
    public var stallTimeout = 30.0
    /// Seconds that a whole exchange may take.
    public var totalTimeout = 900.0
    /// A file and a folder of certificates to trust instead of the system's.
    public var certificateFile: String?
    public var certificateFolder: String?
    public var userAgent = "compare-models"

    public init() {}
  }

  /// Apart from the transport, so that the thread does not keep that alive.
  private let loop: CurlLoop

  /// Begins no connection yet.
  public init(_ configuration: Configuration = Configuration()) {
    loop = CurlLoop(configuration)
  }

  deinit { loop.close() }

  public func start(_ request: HTTPRequest, completion: @escaping @Sendable (Outcome) -> Void) {
    loop.add(CurlTransfer(request, completion))
  }

  public func cancel() { loop.cancel() }

  public func close() { loop.close() }
}

/// The thread that drives all transfers, and its inbox.
private final class CurlLoop: Sendable {
  private let configuration: CurlTransport.Configuration
  private let inbox = Mutex(Inbox())

  private struct Inbox {
    var transfers: [CurlTransfer] = []
    var isClosed = false
    /// Made with the first request, with the thread that uses it; any thread may wake it.
    nonisolated(unsafe) var multi: UnsafeMutableRawPointer?
    var thread: Thread?
  }

  init(_ configuration: CurlTransport.Configuration) { self.configuration = configuration }

  func add(_ transfer: CurlTransfer) {
    let isTaken = inbox.withLock { inbox in
      guard !inbox.isClosed else { return false }
      inbox.transfers.append(transfer)
      if let multi = inbox.multi {
        curl_multi_wakeup(multi)
      } else {
        startThread(&inbox)
      }
      return true
    }
    if !isTaken { transfer.cancel() }
  }

  func cancel() {
    inbox.withLock { inbox in
      inbox.isClosed = true
      if let multi = inbox.multi { curl_multi_wakeup(multi) }
    }
  }

  /// Cancels and waits for the thread: a process that ends while the thread frees what libcurl and
  /// OpenSSL keep for it frees some of that twice.
  func close() {
    cancel()
    inbox.withLock { $0.thread.take() }?.join()
  }

  private static let isInitialized = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private func startThread(_ inbox: inout Inbox) {
    precondition(Self.isInitialized, "libcurl starts")
    guard let multi = curl_multi_init() else { preconditionFailure("there is memory for libcurl") }
    curl_multi_set_long(
      multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, configuration.maximumConnections)
    inbox.multi = multi
    nonisolated(unsafe) let handle = multi
    inbox.thread = Thread { self.run(handle) }
  }

  /// Drives transfers until the transport is closed.
  private func run(_ multi: UnsafeMutableRawPointer) {
    var queue: [CurlTransfer] = []
    var underWay: [UnsafeMutableRawPointer: CurlTransfer] = [:]
    while true {
      let isClosed = inbox.withLock { inbox in
        queue += inbox.transfers
        inbox.transfers = []
        // From here on nobody wakes a handle that is about to be freed.
        if inbox.isClosed { inbox.multi = nil }
        return inbox.isClosed
      }
      if isClosed { break }
      while !queue.isEmpty, underWay.count < configuration.maximumConnections {
        let transfer = queue.removeFirst()
        if let handle = transfer.begin(configuration) {
          underWay[handle] = transfer
          curl_multi_add_handle(multi, handle)
        }
      }
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      var hasFinished = false
      var result = CURLE_OK
      while let handle = curl_multi_finished(multi, &result) {
        hasFinished = true
        curl_multi_remove_handle(multi, handle)
        underWay.removeValue(forKey: handle)?.finish(result)
      }
      // A finished transfer leaves room for the next one in the queue.
      if !hasFinished { curl_multi_poll(multi, nil, 0, 10_000, nil) }
    }
    for (handle, transfer) in underWay {
      curl_multi_remove_handle(multi, handle)
      transfer.cancel()
    }
    for transfer in queue { transfer.cancel() }
    curl_multi_cleanup(multi)
  }
}
