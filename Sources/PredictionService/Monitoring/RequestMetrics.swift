import Support

/// Counts and latencies of requests by route.
final class RequestMetrics: Sendable {
  /// Upper edges of the histogram's buckets, in seconds.
  static let bucketEnds: [Double] = [
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1,
  ]
  /// Every status that the service answers with.
  static let statuses = [
    200, 303, 304, 308, 400, 404, 405, 408, 413, 414, 415, 422, 431, 500, 503,
  ]
  private static let bucketNanoseconds = bucketEnds.map { Int64($0 * 1e9) }

  /// The routes' names, and at the end the name for requests without a route.
  private let routes: [String]
  private let places: [String: Int]
  private let requests: Counters
  private let buckets: Counters
  private let nanoseconds: Counters

  /// - Parameter names: the routes' names; routes of the same name are counted together.
  init(routes names: [String]) {
    routes = names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } + ["other"]
    places = Dictionary(uniqueKeysWithValues: zip(routes, routes.indices))
    requests = Counters(routes.count * Self.statuses.count)
    buckets = Counters(routes.count * (Self.bucketEnds.count + 1))
    nanoseconds = Counters(routes.count)
  }

  /// Counts a request, and returns the name that it is counted under.
  @discardableResult
  func record(route name: String?, status: Int, nanoseconds duration: Int64) -> String {
    let route = name.flatMap { places[$0] } ?? routes.count - 1
    let place = Self.statuses.firstIndex(of: status) ?? Self.statuses.count - 2
    requests.add(to: route * Self.statuses.count + place)
    let bucket =
      Self.bucketNanoseconds.firstIndex { duration <= $0 } ?? Self.bucketNanoseconds.count
    buckets.add(to: route * (Self.bucketEnds.count + 1) + bucket)
    nanoseconds.add(Int(duration), to: route)
    return routes[route]
  }

  /// The number of answered requests of the routes, whatever their status.
  func count(ofRoutes chosen: Set<String>) -> Int {
    routes.enumerated().filter { chosen.contains($1) }.reduce(0) { sum, route in
      Self.statuses.indices.reduce(sum) { $0 + requests[route.offset * Self.statuses.count + $1] }
    }
  }

  /// Appends the metrics in Prometheus' text format; without routes that have no requests.
  func write(to text: inout MetricsText) {
    text.family("diamonds_requests_total", .counter, "Requests answered.")
    for (route, name) in routes.enumerated() {
      for (place, status) in Self.statuses.enumerated() {
        let count = requests[route * Self.statuses.count + place]
        if count > 0 { text.sample(["route": name, "status": "\(status)"], Double(count)) }
      }
    }
    text.family(
      "diamonds_request_duration_seconds", .histogram,
      "Time from a request's last byte to its answer.")
    let width = Self.bucketEnds.count + 1
    for (route, name) in routes.enumerated() {
      var count = 0
      let total = (0..<width).reduce(0) { $0 + buckets[route * width + $1] }
      guard total > 0 else { continue }
      for bucket in 0..<width {
        count += buckets[route * width + bucket]
        let end = bucket < Self.bucketEnds.count ? "\(Self.bucketEnds[bucket])" : "+Inf"
        text.sample(["route": name, "le": end], Double(count), suffix: "_bucket")
      }
      text.sample(["route": name], Double(nanoseconds[route]) / 1e9, suffix: "_sum")
      text.sample(["route": name], Double(count), suffix: "_count")
    }
  }
}
