import CometStandIn
import TestSupport

extension RawClient.Answer {
  var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
  var code: Int? { json["sdk_error_code"]?.int }
}
