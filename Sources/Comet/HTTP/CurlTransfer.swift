import CCurl
import Support

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

/// One exchange: a curl handle with all that it points at.
///
/// Only the thread that drives transfers touches it, from the moment it is in the inbox.
final class CurlTransfer: @unchecked Sendable {
  private let request: HTTPRequest
  private let completion: @Sendable (HTTPTransport.Outcome) -> Void
  private var handle: UnsafeMutableRawPointer?
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

  // MARK: Sending

  /// The handle, ready to be driven; `nil` where the request cannot be sent, which was then told.
  func begin(_ configuration: CurlTransport.Configuration) -> UnsafeMutableRawPointer? {
    handle = curl_easy_init()
    let result = handle.map { setUp($0, configuration) } ?? CURLE_OUT_OF_MEMORY
    if result != CURLE_OK { finish(result) }
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
    let protocols = curl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    guard protocols == CURLE_OK else { return protocols }
    let isSecure = request.url.lowercased().hasPrefix("https:")
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
    for header in request.headers { addHeader("\(header.name): \(header.value)") }
    // Without it, curl waits up to a second for leave to send a large body.
    addHeader("Expect:")
    let result = curl_set_string(handle, CURLOPT_URL, request.url)
    guard result == CURLE_OK else { return result }
    let bodyResult = setUpBody(handle)
    guard bodyResult == CURLE_OK else { return bodyResult }
    return curl_set_headers(handle, headerList)
  }

  private func setUpBody(_ handle: UnsafeMutableRawPointer) -> CURLcode {
    switch request.body {
    case .none:
      // A body of no bytes, where the method has one.
      return request.method == .get
        ? curl_set_long(handle, CURLOPT_HTTPGET, 1) : curl_set_body(handle, "", 0)
    case .bytes(let bytes, let type):
      addHeader("Content-Type: \(type)")
      return bytes.withUnsafeBytes { curl_set_body(handle, $0.baseAddress, $0.count) }
    case .form(let parts):
      form = curl_mime_init(handle)
      for part in parts {
        let result = add(part)
        guard result == CURLE_OK else { return result }
      }
      return curl_set_form(handle, form)
    }
  }

  private func add(_ part: HTTPRequest.FormPart) -> CURLcode {
    let piece = curl_mime_addpart(form)
    curl_mime_name(piece, part.name)
    defer { if let name = part.fileName { curl_mime_filename(piece, name) } }
    switch part.content {
    case .bytes(let bytes):
      return bytes.withUnsafeBytes {
        curl_mime_data(piece, $0.bindMemory(to: CChar.self).baseAddress, $0.count)
      }
    case .file(let path):
      let result = curl_mime_filedata(piece, path)
      if result != CURLE_OK { fail(.request, "\(path): \(String(cString: strerror(errno)))") }
      return result
    }
  }

  private func addHeader(_ line: String) { headerList = curl_slist_append(headerList, line) }

  // MARK: Receiving

  /// Takes a piece of the answer; false ends the transfer.
  fileprivate func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
    received += bytes.count
    switch request.destination {
    case .memory(let limit):
      guard fits(limit) else { return false }
      body.append(contentsOf: bytes)
    case .file(let path, let limit) where 200..<300 ~= status:
      return fits(limit) && write(bytes, to: path)
    case .file:
      // An answer other than the file: the beginning is enough for an error message.
      if body.count < 1 << 16 { body.append(contentsOf: bytes) }
    }
    return true
  }

  private func fits(_ limit: Int) -> Bool {
    if received > limit { fail(.tooLarge, "the answer has more than \(limit) bytes") }
    return received <= limit
  }

  /// Adds to the file that the answer goes to; false where that fails.
  private func write(_ bytes: UnsafeRawBufferPointer, to path: String, isLast: Bool = false) -> Bool
  {
    do throws(FileError) {
      let file = if let opened = self.file { opened } else { try OpenFile(path, .replace) }
      self.file = file
      try file.write(bytes)
      if isLast { try file.close() }
      return true
    } catch {
      fail(.request, error.description)
      return false
    }
  }

  fileprivate func receiveHeader(_ line: Substring) {
    if line.hasPrefix("HTTP/") {
      // The head of a further answer: of a proxy, a redirect, or after "100 Continue".
      headers = []
    } else if let colon = line.firstIndex(of: ":") {
      var value = line[line.index(after: colon)...].drop { $0 == " " }
      while value.last?.isWhitespace == true { value.removeLast() }
      headers.append(HTTPHeader(String(line[..<colon]), String(value)))
    }
  }

  private var status: Int { handle.map { curl_status_of($0) } ?? 0 }

  // MARK: The outcome

  func cancel() {
    fail(.cancelled, "sending was ended")
    finish(CURLE_ABORTED_BY_CALLBACK)
  }

  /// Frees what curl holds and tells the outcome.
  func finish(_ result: CURLcode) {
    let response = HTTPResponse(status: status, headers: headers, body: body)
    if case .file(let path, _) = request.destination, result == CURLE_OK, response.isSuccess {
      // An empty answer is an empty file.
      _ = write(UnsafeRawBufferPointer(start: nil, count: 0), to: path, isLast: true)
    }
    file = nil
    if let handle { curl_easy_cleanup(handle) }
    curl_mime_free(form)
    curl_slist_free_all(headerList)
    (handle, form, headerList) = (nil, nil, nil)
    if result != CURLE_OK, ownError == nil {
      let text = errorText.pointee == 0 ? curl_easy_strerror(result) : UnsafePointer(errorText)
      let words = text.map { String(cString: $0) } ?? ""
      fail(Self.kind(of: result), "\(words) (curl \(result.rawValue))")
    }
    completion(ownError.map { .failure($0) } ?? .success(response))
  }

  private func fail(_ kind: TransportError.Kind, _ problem: String) {
    ownError = TransportError(kind, "\(request.summary): \(problem)")
  }

  private static func kind(of result: CURLcode) -> TransportError.Kind {
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
  guard let context else { return 0 }
  let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
  let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
  return transfer.receive(piece) ? piece.count : 0
}

private func takeHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context else { return 0 }
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
  transfer.receiveHeader(String(decoding: line, as: UTF8.self)[...])
  return line.count
}
