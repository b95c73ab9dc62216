#pragma once
#include <curl/curl.h>

// curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt take any number of arguments of any type,
// which Swift cannot call. One function per type of argument can be called, and is checked.

static inline CURLcode curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_headers(CURL *handle, struct curl_slist *headers) {
  return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

static inline CURLcode curl_set_form(CURL *handle, curl_mime *form) {
  return curl_easy_setopt(handle, CURLOPT_MIMEPOST, form);
}

// Copies `count` bytes to be sent as the body.
static inline CURLcode curl_set_body(CURL *handle, const void *bytes, size_t count) {
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  return curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, bytes);
}

static inline void curl_set_writer(CURL *handle, curl_write_callback writer, void *context) {
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, writer);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
}

static inline void curl_set_header_reader(CURL *handle, curl_write_callback reader, void *context) {
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, reader);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
}

static inline long curl_status_of(CURL *handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

static inline CURLMcode curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

// A finished transfer, or NULL; `result` says how it ended.
static inline CURL *curl_multi_finished(CURLM *multi, CURLcode *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left))) {
    if (message->msg == CURLMSG_DONE) {
      *result = message->data.result;
      return message->easy_handle;
    }
  }
  return NULL;
}
