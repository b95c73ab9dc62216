import CCurl
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

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

  private let loop: CurlLoop

  /// Begins no connection yet.
  public init(_ configuration: Configuration = Configuration()) {
    loop = CurlLoop(configuration)
  }

  deinit { loop.close() }

  public func start(_ request: HTTPRequest, completion: @escaping @Sendable (Outcome) -> Void) {
    loop.add(request, completion)
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

  func add(
    _ request: HTTPRequest, _ completion: @escaping @Sendable (HTTPTransport.Outcome) -> Void
  ) {
    let transfer = CurlTransfer(request, completion)
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

  /// Cancels and waits for the thread: a process that ends while it frees what libcurl and OpenSSL keep
  /// for it frees some of that twice.
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
    var next = 0
    var underWay: Set<CurlTransfer> = []
    while true {
      let isClosed = inbox.withLock { inbox in
        queue += inbox.transfers
        inbox.transfers = []
        // From here on nobody wakes a handle that is about to be freed.
        if inbox.isClosed { inbox.multi = nil }
        return inbox.isClosed
      }
      if isClosed { break }
      while next < queue.count, underWay.count < configuration.maximumConnections {
        let transfer = queue[next]
        next += 1
        if let handle = transfer.begin(configuration) {
          underWay.insert(transfer)
          curl_multi_add_handle(multi, handle)
        }
      }
      if next == queue.count || next > 1000 {
        queue.removeFirst(next)
        next = 0
      }
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      var hasFinished = false
      var result = CURLE_OK
      while let handle = curl_multi_finished(multi, &result) {
        hasFinished = true
        curl_multi_remove_handle(multi, handle)
        guard let transfer = underWay.first(where: { $0.handle == handle }) else { continue }
        underWay.remove(transfer)
        transfer.finish(result)
      }
      // A finished transfer leaves room for the next one in the queue.
      if !hasFinished { curl_multi_poll(multi, nil, 0, 10_000, nil) }
    }
    for transfer in underWay {
      if let handle = transfer.handle { curl_multi_remove_handle(multi, handle) }
      transfer.cancel()
    }
    for transfer in queue[next...] { transfer.cancel() }
    curl_multi_cleanup(multi)
  }
}

/// One exchange: a curl handle with all that it points at.
///
/// Only the loop's thread touches it, from the moment it is in the inbox.
private final class CurlTransfer: Hashable, @unchecked Sendable {
  private let request: HTTPRequest
  private let completion: @Sendable (HTTPTransport.Outcome) -> Void
  private(set) var handle: UnsafeMutableRawPointer?
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var form: OpaquePointer?
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  private var headers: [HTTPHeader] = []
  private var body: [UInt8] = []
  private var file: OpenFile?
  private var received = 0
  /// What went wrong on this side, while curl was at work.
  private var ownError: TransportError?

  init(
    _ request: HTTPRequest, _ completion: @escaping @Sendable (HTTPTransport.Outcome) -> Void
  ) {
    self.request = request
    self.completion = completion
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit { errorText.deallocate() }

  static func == (first: CurlTransfer, second: CurlTransfer) -> Bool { first === second }

  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }

  /// The handle, ready to be driven; `nil` where the request cannot be sent, which was then told.
  func begin(_ configuration: CurlTransport.Configuration) -> UnsafeMutableRawPointer? {
    guard let handle = curl_easy_init() else {
      finish(CURLE_OUT_OF_MEMORY)
      return nil
    }
    self.handle = handle
    let result = setUp(handle, configuration)
    guard result == CURLE_OK else {
      finish(result)
      return nil
    }
    return handle
  }

  private func setUp(
    _ handle: UnsafeMutableRawPointer, _ configuration: CurlTransport.Configuration
  ) -> CURLcode {
    let context = Unmanaged.passUnretained(self).toOpaque()
    curl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
    curl_set_writer(handle, takeBody, context)
    curl_set_header_reader(handle, takeHeader, context)
    // Signals belong to the program.
    curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    curl_set_long(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
    // Better to wait until the first connection has said whether it takes several requests at once.
    curl_set_long(handle, CURLOPT_PIPEWAIT, 1)
    curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 1)
    curl_set_long(handle, CURLOPT_MAXREDIRS, 5)
    curl_set_long(
      handle, CURLOPT_POSTREDIR,
      Int(CURL_REDIR_POST_301 | CURL_REDIR_POST_302 | CURL_REDIR_POST_303))
    curl_set_long(handle, CURLOPT_UNRESTRICTED_AUTH, 0)
    let isSecure = request.url.lowercased().hasPrefix("https:")
    let protocols = curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    guard protocols == CURLE_OK else { return protocols }
    curl_set_string(handle, CURLOPT_REDIR_PROTOCOLS_STR, isSecure ? "https" : "http,https")
    curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Int(configuration.connectTimeout * 1000))
    curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
    curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, max(1, Int(configuration.stallTimeout)))
    let timeout = request.timeout ?? configuration.totalTimeout
    curl_set_long(handle, CURLOPT_TIMEOUT_MS, Int(timeout * 1000))
    if let file = configuration.certificateFile {
      curl_set_string(handle, CURLOPT_CAINFO, file)
    }
    if let folder = configuration.certificateFolder {
      curl_set_string(handle, CURLOPT_CAPATH, folder)
    }
    curl_set_string(handle, CURLOPT_USERAGENT, configuration.userAgent)
    if case .memory = request.destination { curl_set_string(handle, CURLOPT_ACCEPT_ENCODING, "") }
    let result = curl_set_string(handle, CURLOPT_URL, request.url)
    guard result == CURLE_OK else { return result }
    let bodyResult = setUpBody(handle)
    guard bodyResult == CURLE_OK else { return bodyResult }
    if request.method == .put { curl_set_string(handle, CURLOPT_CUSTOMREQUEST, "PUT") }
    for header in request.headers {
      headerList = curl_slist_append(headerList, "\(header.name): \(header.value)")
    }
    // Without it, curl waits up to a second for leave to send a large body.
    headerList = curl_slist_append(headerList, "Expect:")
    return curl_set_headers(handle, headerList)
  }

  private func setUpBody(_ handle: UnsafeMutableRawPointer) -> CURLcode {
    switch request.body {
    case .none:
      // A body of no bytes, where the method has one.
      return request.method == .get
        ? curl_set_long(handle, CURLOPT_HTTPGET, 1) : curl_set_body(handle, "", 0)
    case .bytes(let bytes, let type):
      headerList = curl_slist_append(headerList, "Content-Type: \(type)")
      return bytes.withUnsafeBytes { curl_set_body(handle, $0.baseAddress, $0.count) }
    case .form(let form):
      let mime = curl_mime_init(handle)
      self.form = mime
      for part in form.parts {
        let piece = curl_mime_addpart(mime)
        curl_mime_name(piece, part.name)
        switch part.content {
        case .bytes(let bytes):
          _ = bytes.withUnsafeBytes {
            curl_mime_data(piece, $0.bindMemory(to: CChar.self).baseAddress, $0.count)
          }
        case .file(let path):
          let result = curl_mime_filedata(piece, path)
          guard result == CURLE_OK else {
            ownError = error(.request, "\(path): \(String(cString: strerror(errno)))")
            return result
          }
        }
        if let name = part.fileName { curl_mime_filename(piece, name) }
      }
      return curl_set_form(handle, mime)
    }
  }

  /// Takes a piece of the answer; false ends the transfer.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    received += bytes.count
    switch request.destination {
    case .file(let path, let limit) where 200..<300 ~= status:
      guard received <= limit else { return isTooLarge(limit) }
      return write(bytes, to: path)
    case .memory(let limit):
      guard received <= limit else { return isTooLarge(limit) }
      body.append(contentsOf: bytes)
    case .file:
      // An answer other than the file: what can be said in an error message is enough.
      if body.count < 1 << 16 { body.append(contentsOf: bytes) }
    }
    return true
  }

  /// Adds to the file that the answer goes to; false where that fails.
  private func write(_ bytes: UnsafeRawBufferPointer, to path: String) -> Bool {
    attempt { () throws(FileError) in
      let file =
        if let opened = self.file { opened } else { try OpenFile(path, .replace) }
      self.file = file
      try file.write(bytes)
    }
  }

  private func attempt(_ body: () throws(FileError) -> Void) -> Bool {
    do throws(FileError) {
      try body()
      return true
    } catch let failure {
      ownError = error(.request, failure.description)
      return false
    }
  }

  private func isTooLarge(_ limit: Int) -> Bool {
    ownError = error(.tooLarge, "the answer has more than \(limit) bytes")
    return false
  }

  func receiveHeader(_ line: String) {
    if line.hasPrefix("HTTP/") {
      // The head of a further answer: of a proxy, a redirect, or after "100 Continue".
      headers = []
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      var end = value.endIndex
      while end > value.startIndex, value[value.index(before: end)].isWhitespace {
        end = value.index(before: end)
      }
      headers.append(HTTPHeader(String(line[..<colon]), String(value[..<end])))
    }
  }

  private var status: Int { handle.map { curl_status_of($0) } ?? 0 }

  func cancel() {
    ownError = error(.cancelled, "sending was ended")
    finish(CURLE_ABORTED_BY_CALLBACK)
  }

  /// Frees what curl holds and tells the outcome.
  func finish(_ result: CURLcode) {
    let response = HTTPResponse(status: status, headers: headers, body: body)
    if case .file(let path, _) = request.destination, result == CURLE_OK, response.isSuccess {
      // An empty answer is an empty file.
      _ = write(UnsafeRawBufferPointer(start: nil, count: 0), to: path)
      if let file { _ = attempt(file.close) }
    }
    file = nil
    if let handle { curl_easy_cleanup(handle) }
    curl_mime_free(form)
    curl_slist_free_all(headerList)
    handle = nil
    form = nil
    headerList = nil
    if let ownError {
      completion(.failure(ownError))
    } else if result == CURLE_OK {
      completion(.success(response))
    } else {
      let text =
        errorText.pointee == 0
        ? String(cString: curl_easy_strerror(result)) : String(cString: errorText)
      completion(.failure(error(kind(of: result), "\(text) (curl \(result.rawValue))")))
    }
  }

  private func error(_ kind: TransportError.Kind, _ problem: String) -> TransportError {
    TransportError(kind, "\(request.summary): \(problem)")
  }

  private func kind(of result: CURLcode) -> TransportError.Kind {
    switch result {
    case CURLE_OPERATION_TIMEDOUT: .timeout
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
      .certificate
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_TOO_MANY_REDIRECTS,
      CURLE_READ_ERROR, CURLE_OUT_OF_MEMORY, CURLE_BAD_FUNCTION_ARGUMENT:
      .request
    default: .connection
    }
  }
}

private func takeBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
  return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
    ? size * count : 0
}

private func takeHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  transfer.receiveHeader(String(decoding: line, as: UTF8.self))
  return size * count
}
