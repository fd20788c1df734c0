package dev.tally.job.managed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The buckets of the fake: objects by bucket and key; each object has one version. */
final class FakeBucket {

    private static final Pattern KEYS = Pattern.compile("<Key>([^<]*)</Key>");

    private final Map<String, Map<String, byte[]>> buckets = new TreeMap<>();
    private final Map<String, Map<Integer, byte[]>> uploads = new TreeMap<>();

    /** Makes an empty bucket unless there is one of that name. */
    void create(String bucket) {
        buckets.computeIfAbsent(bucket, b -> new TreeMap<>());
    }

    /** The objects of a bucket by key; a test may change them. */
    Map<String, byte[]> objects(String bucket) {
        Map<String, byte[]> objects = buckets.get(bucket);
        if (objects == null) {
            throw new FakeError("NoSuchBucket", "The specified bucket does not exist", 404);
        }
        return objects;
    }

    boolean holds(String bucket, String key) {
        return buckets.getOrDefault(bucket, Map.of()).containsKey(key);
    }

    boolean exists(String bucket) {
        return buckets.containsKey(bucket);
    }

    void delete(String bucket) {
        buckets.remove(bucket);
    }

    /** The name of the operation that a request is, as the CLI calls it. */
    static String operation(String method, String key, Map<String, String> query) {
        if (query.containsKey("uploadId") || query.containsKey("uploads")) {
            return query.containsKey("uploads")
                    ? "CreateMultipartUpload"
                    : method.equals("PUT")
                            ? "UploadPart"
                            : method.equals("POST")
                                    ? "CompleteMultipartUpload"
                                    : "AbortMultipartUpload";
        }
        if (!key.isEmpty()) {
            return Map.of("PUT", "PutObject", "GET", "GetObject", "HEAD", "HeadObject")
                    .getOrDefault(method, "DeleteObject");
        }
        for (String part :
                new String[] {
                    "location",
                    "versioning",
                    "encryption",
                    "publicAccessBlock",
                    "policy",
                    "tagging",
                    "versions",
                    "delete"
                }) {
            if (query.containsKey(part)) {
                String word = Character.toUpperCase(part.charAt(0)) + part.substring(1);
                return part.equals("versions")
                        ? "ListObjectVersions"
                        : part.equals("delete")
                                ? "DeleteObjects"
                                : (method.equals("PUT") ? "PutBucket" : "GetBucket") + word;
            }
        }
        return Map.of("PUT", "CreateBucket", "HEAD", "HeadBucket", "DELETE", "DeleteBucket")
                .getOrDefault(method, "ListObjectsV2");
    }

    /** The answer's body: XML, or the bytes of an object. */
    byte[] answer(
            String operation, String bucket, String key, Map<String, String> query, byte[] body) {
        switch (operation) {
            case "CreateBucket":
                create(bucket);
                return new byte[0];
            case "DeleteBucket":
                if (!objects(bucket).isEmpty()) {
                    throw new FakeError(
                            "BucketNotEmpty", "The bucket you tried to delete is not empty", 409);
                }
                buckets.remove(bucket);
                return new byte[0];
            case "PutObject":
                objects(bucket).put(key, body);
                return new byte[0];
            case "GetObject":
            case "HeadObject":
                byte[] object = objects(bucket).get(key);
                if (object == null) {
                    throw new FakeError("NoSuchKey", "The specified key does not exist.", 404);
                }
                return object;
            case "DeleteObject":
                objects(bucket).remove(key);
                return new byte[0];
            case "DeleteObjects":
                return deleted(bucket, new String(body, UTF_8));
            case "CreateMultipartUpload":
                String upload = "upload-" + uploads.size();
                uploads.put(upload, new TreeMap<>());
                return xml(
                        "InitiateMultipartUploadResult",
                        tag("Bucket", bucket) + tag("Key", key) + tag("UploadId", upload));
            case "UploadPart":
                uploads.get(query.get("uploadId"))
                        .put(Integer.valueOf(query.get("partNumber")), body);
                return new byte[0];
            case "CompleteMultipartUpload":
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                uploads.remove(query.get("uploadId")).values().forEach(whole::writeBytes);
                objects(bucket).put(key, whole.toByteArray());
                return xml(
                        "CompleteMultipartUploadResult", tag("Bucket", bucket) + tag("Key", key));
            case "GetBucketVersioning":
                objects(bucket);
                return xml("VersioningConfiguration", tag("Status", "Enabled"));
            case "GetBucketLocation":
                objects(bucket);
                return xml("LocationConstraint", "");
            case "ListObjectVersions":
                return list(bucket, query.getOrDefault("prefix", ""), true);
            case "ListObjectsV2":
                return list(bucket, query.getOrDefault("prefix", ""), false);
            default:
                objects(bucket);
                return new byte[0];
        }
    }

    private byte[] deleted(String bucket, String request) {
        StringBuilder said = new StringBuilder();
        for (Matcher key = KEYS.matcher(request); key.find(); ) {
            objects(bucket).remove(key.group(1));
            said.append(tag("Deleted", tag("Key", key.group(1)) + tag("VersionId", "v1")));
        }
        return xml("DeleteResult", said.toString());
    }

    private byte[] list(String bucket, String prefix, boolean versions) {
        StringBuilder found = new StringBuilder();
        int count = 0;
        for (Map.Entry<String, byte[]> object : objects(bucket).entrySet()) {
            if (object.getKey().startsWith(prefix)) {
                count++;
                found.append(
                        tag(
                                versions ? "Version" : "Contents",
                                tag("Key", object.getKey())
                                        + (versions
                                                ? tag("VersionId", "v1") + tag("IsLatest", "true")
                                                : "")
                                        + tag("LastModified", "2026-11-20T18:00:00.000Z")
                                        + tag("ETag", "\"e\"")
                                        + tag("Size", String.valueOf(object.getValue().length))
                                        + tag("StorageClass", "STANDARD")));
            }
        }
        return xml(
                versions ? "ListVersionsResult" : "ListBucketResult",
                tag("Name", bucket)
                        + tag("Prefix", prefix)
                        + tag("KeyCount", String.valueOf(count))
                        + tag("MaxKeys", "1000")
                        + tag("IsTruncated", "false")
                        + found);
    }

    static String tag(String name, String content) {
        return "<" + name + ">" + content + "</" + name + ">";
    }

    private static byte[] xml(String root, String content) {
        return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + tag(root, content))
                .getBytes(UTF_8);
    }

    /** The object inside of an upload that is cut into chunks, each with its length before it. */
    static byte[] unchunked(byte[] body) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int end = at;
            while (body[end] != '\r') {
                end++;
            }
            String head = new String(body, at, end - at, UTF_8);
            int length = Integer.parseInt(head.split(";")[0], 16);
            if (length == 0) {
                return whole.toByteArray();
            }
            whole.write(body, end + 2, length);
            at = end + 2 + length + 2;
        }
    }
}
