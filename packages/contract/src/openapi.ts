// Generated from spec/openapi.yaml by `npm run generate`. Do not edit.

export interface paths {
    "/customers/{customerId}/batchJobStatus/{batchTrackingId}": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The tracking ID of the upload, a GUID: the last segment of the `Location` in the response to the upload.
                 * @remarks Source: docs table (`batchtracking-id`); REST reference (`batchUploadTracking_id`).
                 */
                batchTrackingId: components["parameters"]["batchTrackingId"];
            };
            cookie?: never;
        };
        /**
         * Get the status of a device batch upload
         *
         * Reads the progress of an upload (`createDeviceBatch`, `addDevicesToBatch`) or a policy update (`updateDevicesWithPolicy`).
         * Poll until `status` is `finished` or `finished_with_errors`, then read every entry of `devicesStatus`: a `finished` batch
         * can still contain failed devices. How long a result is kept, and what the service returns for an unknown or expired tracking ID, is not documented.
         * @remarks Roles: admin agent, sales agent (older docs: also global admin).
         * Source: docs page "Get the status of a device batch upload"; REST reference "Get BatchJobStatus". The docs' example has the path in lowercase.
         */
        get: operations["getBatchUploadStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers/{customerId}/deviceBatches": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
            };
            cookie?: never;
        };
        /**
         * List the device batches of a customer
         *
         * Paging is not documented for this list.
         * @remarks Conflict: the REST reference types the response as a single `DeviceBatch`; docs example and SDKs show a collection.
         *
         * Roles: admin agent, sales agent (older docs: also global admin).
         * Source: docs page "Get the list of device batches for the specified customer"; REST reference "Get DeviceBatches".
         */
        get: operations["listDeviceBatches"];
        put?: never;
        /**
         * Upload devices into a new batch
         *
         * Accepts the devices and registers them in the background. The response identifies the upload in `Location`; `getBatchUploadStatus` returns the result of each device.
         * What happens if the batch already exists is not documented: third-party clients list the batches first and then call `addDevicesToBatch`.
         * @remarks Auth: App+User only (docs 2025). Conflict: the docs of 2021 also allow App; we follow the newer page.
         * Roles: none named on the page; in the portal sales agents and admin agents may add devices.
         * Source: docs page "Upload a list of devices to create a new batch for the specified customer"; REST reference "Uploaded Customer Devices".
         */
        post: operations["createDeviceBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers/{customerId}/deviceBatches/{batchId}/devices": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The name of the batch: free text chosen by the partner, which may contain spaces and so must be percent-encoded. Autopilot and Intune show it as the group tag.
                 * @remarks Conflict: docs tables call it a GUID; docs text and examples show free text. Whether it is case-sensitive is not documented.
                 * Source: docs text and examples (`devicebatch-id`); REST reference (`deviceBatch_id`).
                 */
                batchId: components["parameters"]["batchId"];
            };
            cookie?: never;
        };
        /**
         * List the devices of a batch
         *
         * Returns at most 100 devices. To request the next page, send the header `MS-ContinuationToken`, set to the `continuationToken` of this page.
         * @remarks Conflict: the REST reference types the response as a bare array; docs example, SDKs and a capture show a collection. Readers should accept both.
         *
         * Roles: none named on the page.
         * Source: docs page "Get a list of devices for the specified batch and customer"; REST reference "Get Devices".
         */
        get: operations["listDevices"];
        put?: never;
        /**
         * Upload devices into an existing batch
         *
         * Like `createDeviceBatch`, for an existing batch. The body is a bare array.
         * @remarks Conflict: the REST reference wraps it as `{ devices: [] }`; docs example, SDKs and third-party clients send the array.
         *
         * Roles: none named on the page; in the portal sales agents and admin agents may add devices.
         * Source: docs page "Upload a list of devices for the specified customer"; REST reference "Create DeviceBatches".
         */
        post: operations["addDevicesToBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers/{customerId}/deviceBatches/{batchId}/devices/{deviceId}": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The name of the batch: free text chosen by the partner, which may contain spaces and so must be percent-encoded. Autopilot and Intune show it as the group tag.
                 * @remarks Conflict: docs tables call it a GUID; docs text and examples show free text. Whether it is case-sensitive is not documented.
                 * Source: docs text and examples (`devicebatch-id`); REST reference (`deviceBatch_id`).
                 */
                batchId: components["parameters"]["batchId"];
                /**
                 * The ID of the device, opaque.
                 * @remarks Conflict: the docs table calls it a GUID; the docs' policy update example shows `9993-8627-3608-6844-6369-4361-72`.
                 * Source: docs table and example (`device-id`); REST reference (`device_id`).
                 */
                deviceId: components["parameters"]["deviceId"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Update a device
         *
         * Replaces a device; used to set the policies of one device. Responds immediately, without a tracking ID.
         * @remarks Conflict: the .NET SDK calls the method Patch and `allowedOperations` lists PATCH; .NET SDK, Java SDK and REST reference send PUT.
         *
         * Roles: none named; in the portal only admin agents apply profiles.
         * Source: REST reference "Update DeviceBatches"; .NET SDK. The docs have no page for it.
         */
        put: operations["updateDevice"];
        post?: never;
        /**
         * Delete a device
         *
         * Deregisters the device. The docs' request has `Content-Type: application/json` but no body.
         * @remarks Conflict: the REST reference also lists 200 with an object; the docs example has 204; readers should accept both.
         *
         * Roles: none named.
         * Source: docs page "Delete a device for the specified customer"; REST reference "Delete DeviceBatches".
         */
        delete: operations["deleteDevice"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers/{customerId}/DevicePolicyUpdates": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Apply policies to a list of devices
         *
         * Accepts the changes and applies them in the background; `getBatchUploadStatus` returns the result of each device.
         * @remarks Roles: none named; in the portal only admin agents apply profiles.
         * Source: docs page "Update a list of devices with a policy"; REST reference "Update Device Policy".
         */
        patch: operations["updateDevicesWithPolicy"];
        trace?: never;
    };
    "/customers/{customerId}/policies": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
            };
            cookie?: never;
        };
        /**
         * List the configuration policies of a customer
         *
         * Paging is not documented for this list.
         * @remarks Roles: none named; in the portal only admin agents manage profiles.
         * Source: docs page "Get a list of a customer's policies"; .NET SDK. Absent from the REST reference of this group.
         */
        get: operations["listPolicies"];
        put?: never;
        /**
         * Create a configuration policy
         *
         * Responds with 200 (not 201), the new policy and no `Location`.
         * @remarks Roles: none named; in the portal only admin agents create profiles.
         * Source: docs page "Create a new configuration policy for the specified customer"; REST reference "Create Policies".
         */
        post: operations["createPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers/{customerId}/policies/{policyId}": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The ID of the configuration policy, a GUID.
                 * @remarks Source: docs table (`policy-id`).
                 */
                policyId: components["parameters"]["policyId"];
            };
            cookie?: never;
        };
        /**
         * Get a configuration policy
         * @remarks Roles: none named; in the portal only admin agents manage profiles.
         * Source: docs page "Retrieve a customer's configuration policy"; .NET SDK. Absent from the REST reference of this group.
         */
        get: operations["getPolicy"];
        /**
         * Replace a configuration policy
         *
         * Replaces the policy: omitted settings are removed.
         * @remarks Conflict: the .NET SDK calls the method Patch; docs, .NET SDK and Java SDK send PUT.
         *
         * Roles: none named; in the portal only admin agents manage profiles.
         * Source: docs page "Update a configuration policy for the specified customer"; .NET SDK. Absent from the REST reference of this group.
         */
        put: operations["updatePolicy"];
        post?: never;
        /**
         * Delete a configuration policy
         *
         * What happens to devices that use the policy is not documented.
         * @remarks Conflict: the Java SDK sends GET, a defect; docs and .NET SDK send DELETE.
         *
         * Roles: none named; in the portal only admin agents manage profiles.
         * Source: docs page "Delete a configuration policy for the specified customer"; .NET SDK. Absent from the REST reference of this group.
         */
        delete: operations["deletePolicy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        /**
         * List the customers of the partner
         *
         * Lists the customers, or those whose company name or domain begins with the text in `filter`. To read the next page, send `seekOperation=Next` as
         * the only query parameter, and the `continuationToken` of this page in the request header `MS-ContinuationToken`.
         * The docs limit calls about customers to 500 a minute per tenant.
         * @remarks Roles: none named on the page.
         * Source: docs pages "Get a list of customers" and "Get a list of customers filtered by a search field"; REST reference "Get customers". Next page: Java SDK.
         */
        get: operations["listCustomers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers/{customerId}": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
            };
            cookie?: never;
        };
        /**
         * Get a customer
         *
         * Reads the company name and the domain of a tenant ID; the list cannot be filtered by id.
         * @remarks Roles: none named on the page.
         * Source: docs page "Get a customer by ID".
         */
        get: operations["getCustomer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers/relationshiprequests": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the link that invites a customer to a reseller relationship
         *
         * Returns a link to send to a customer, whose administrator opens it and accepts the reseller relationship. It is the same for every customer.
         * @remarks Auth: App+User only.
         * Roles: none named on the page.
         * Source: docs page "Retrieve a relationship request URL"; Java SDK.
         */
        get: operations["getRelationshipRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** The progress of an upload or a policy update, and the result of each of its devices. */
        BatchUploadDetails: {
            /**
             * The tracking ID of the upload.
             * Format: uuid
             * @remarks Source: docs table and example; REST reference.
             */
            batchTrackingId: string;
            /**
             * The status of the batch as a whole. It says nothing about the devices: a `finished` batch can still contain failed devices.
             * @remarks Source: docs table and example; REST reference.
             */
            status: components["schemas"]["BatchUploadStatus"];
            /**
             * When processing of the batch started, UTC. Year 1 if it has not.
             * @remarks Source: docs table and example; REST reference. Year 1: inferred.
             */
            startedTime?: components["schemas"]["Timestamp"];
            /**
             * When processing of the batch ended, UTC. Year 1 if it has not.
             * @remarks Source: docs table and example; REST reference. Year 1: inferred.
             */
            completedTime?: components["schemas"]["Timestamp"];
            /**
             * One entry for each device. May be absent, null or empty while the batch is queued; whether all devices are listed from the start, and in which order, is not documented.
             * @remarks Source: docs table and example; REST reference. Null: inferred.
             */
            devicesStatus?: components["schemas"]["DeviceUploadDetails"][] | null;
            /**
             * Probably never sent here.
             * @remarks Conflict: present in the docs example, inherited in the SDKs; absent from the REST reference, and the length that the example declares does not include it.
             * Source: docs example.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /**
         * The result of one device of an upload. It has no hardware hash, no index and no key chosen by the caller: if you upload by hash,
         * send a serial number too, so that the result can be matched.
         */
        DeviceUploadDetails: {
            /**
             * The ID of the device, opaque. Absent for a device that failed.
             * @remarks Source: docs table; REST reference. Absence: docs example.
             */
            deviceId?: string;
            /**
             * The serial number as uploaded; absent if none was.
             * @remarks Source: docs table and example; REST reference.
             */
            serialNumber?: string;
            /**
             * The Windows product ID as uploaded; absent if none was.
             * @remarks Source: docs table and example; REST reference.
             */
            productKey?: string;
            /**
             * The state of the device.
             * @remarks Source: docs table and example; REST reference.
             */
            status?: components["schemas"]["DeviceUploadStatus"];
            /**
             * The Autopilot service's error code, decimal digits as text, such as `808`.
             * @remarks Conflict: the docs table calls it an HTTP status code; the example shows that it is not.
             * Source: docs table and example; REST reference.
             * @example 808
             */
            errorCode?: string;
            /**
             * The symbolic name of the error code, not a sentence.
             * @remarks Source: docs table and example; REST reference.
             * @example ZtdDeviceAssignedToOtherTenant
             */
            errorDescription?: string;
            /**
             * `objectType` is `DeviceUploadDetails`.
             * @remarks Source: docs table and example; REST reference.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /**
         * The status of a batch. `finished` and `finished_with_errors` are terminal; `unknown` should never occur. Other values may occur.
         * @remarks Source: docs table; REST reference; .NET SDK; Java SDK.
         * @example queued
         * @example processing
         * @example finished
         * @example finished_with_errors
         */
        BatchUploadStatus: string;
        /**
         * The status of a device in an upload. Other values may occur.
         * @remarks Conflict: docs tables list `in-progress`, `finished` and `finished_with_errors`; the SDKs use the five values of the batch, and the service's
         * naming cannot produce a hyphen. All six are known here; treat `in-progress` as `processing`.
         * Source: docs table; REST reference; .NET SDK; Java SDK.
         * @example processing
         * @example finished
         * @example finished_with_errors
         */
        DeviceUploadStatus: string;
        /** A registered device, as the service lists it. Partial records are common. */
        Device: {
            /**
             * The ID of the device, opaque.
             * @remarks Conflict: the docs table calls it a GUID, a docs example shows another format; the Java SDK reads it as `Id` and finds nothing.
             * Source: docs table and example; REST reference; .NET SDK.
             */
            id: string;
            /**
             * The serial number.
             * @remarks Source: docs table and example; REST reference; .NET SDK.
             */
            serialNumber?: string;
            /**
             * The Windows product ID (PKID).
             * @remarks Source: docs table and example; REST reference; .NET SDK.
             */
            productKey?: string;
            /**
             * The hardware hash. Never seen in a response.
             * @remarks Source: docs table; REST reference; .NET SDK.
             */
            hardwareHash?: string;
            /**
             * The model, as the firmware reports it.
             * @remarks Source: docs table and example; REST reference; .NET SDK.
             */
            modelName?: string;
            /**
             * The manufacturer, as the firmware reports it.
             * @remarks Source: docs table and example; REST reference; .NET SDK.
             */
            oemManufacturerName?: string;
            /**
             * The policies that apply to the device, one for each category.
             * @remarks Source: docs table and example; REST reference; .NET SDK.
             */
            policies?: components["schemas"]["AssignedPolicy"][];
            /**
             * When the device was uploaded.
             * @remarks Source: docs table and example; REST reference; .NET SDK.
             */
            uploadedDate?: components["schemas"]["Timestamp"];
            /**
             * Who uploaded the device.
             * @remarks Source: REST reference only.
             */
            uploadedBy?: string;
            /**
             * Who created the record; legacy.
             * @remarks Conflict: in the docs' request examples (null) only; neither docs table, .NET SDK nor REST reference has it.
             * Source: docs examples.
             */
            createdBy?: string;
            /**
             * The methods that the service claims to allow: GET, PATCH, DELETE. The update is a PUT nevertheless. Absent from the captured response.
             * @remarks Source: docs table; REST reference; .NET SDK.
             */
            allowedOperations?: string[];
            /**
             * Links of the device.
             * @remarks Source: REST reference only.
             */
            links?: components["schemas"]["ResourceLinks"];
            /**
             * `objectType` is `Device`. (One docs example spells the key with a leading space, a mistake of the page.)
             * @remarks Source: docs table and example; REST reference; .NET SDK.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /** A policy that applies to a device, as the service lists it. */
        AssignedPolicy: {
            /**
             * The category.
             * @remarks Source: docs example; REST reference; .NET SDK; capture.
             */
            key?: components["schemas"]["PolicyCategory"];
            /**
             * The display name of the policy (capture), null for a device without one (docs example). A request has the policy's ID here instead.
             * @remarks Source: docs example; capture; REST reference; .NET SDK.
             */
            value?: string | null;
        };
        /**
         * A device to register. It must be identified by its hardware hash, or its product key, or serial number, manufacturer and model together; a serial number alone
         * is never enough. Send nothing that is not needed: year-1 dates and empty policy lists got a 500 (capture).
         * @remarks Source of the combinations: docs text of both upload pages; PowerShell module.
         */
        NewDevice: components["schemas"]["NewDeviceProperties"] & ({
            hardwareHash: string;
        } | {
            productKey: string;
        } | {
            serialNumber: string;
            oemManufacturerName: string;
            modelName: string;
        });
        /** The properties of a new device; `NewDevice` says which of them identify it. */
        NewDeviceProperties: {
            /**
             * The serial number. Send it with a hash too, because results contain no hash.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            serialNumber?: string | null | undefined;
            /**
             * The Windows product ID (PKID), 13 digits on the box label or dash-formatted.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            productKey?: string | null | undefined;
            /**
             * The hardware hash ("4K hash"): base64 text of about 4,000 characters.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            hardwareHash?: string | null | undefined;
            /**
             * The manufacturer, exactly as the firmware (SMBIOS) reports it; case matters.
             * @remarks Source: docs table; REST reference; .NET SDK.
             */
            oemManufacturerName?: string | null | undefined;
            /**
             * The model, exactly as the firmware (SMBIOS) reports it; case matters.
             * @remarks Source: docs table; REST reference; .NET SDK.
             */
            modelName?: string | null | undefined;
            /**
             * Policies to apply on registration, one for each category.
             * @remarks Source: docs table; REST reference; .NET SDK.
             */
            policies?: components["schemas"]["PolicyAssignment"][] | null | undefined;
        };
        /** A policy to apply to a device. */
        PolicyAssignment: {
            /**
             * The category.
             * @remarks Source: docs example; REST reference; .NET SDK.
             */
            key: components["schemas"]["PolicyCategory"];
            /**
             * The ID of the policy, a GUID. Null plausibly removes it: how to do so is not documented.
             * @remarks Source: docs example; REST reference; .NET SDK. Null: inferred from the docs' list of devices.
             */
            value: string | null;
        };
        /**
         * A device to write back: what was read, with your changes. `policies` has names when read but takes IDs here: always set it again.
         * @remarks Source: REST reference; .NET SDK.
         */
        DeviceUpdate: {
            /**
             * The ID of the device, the same as in the path.
             * @remarks Source: REST reference; .NET SDK. Required: inferred, because the body replaces the whole device.
             */
            id: string;
            /**
             * The serial number.
             * @remarks Source: REST reference; .NET SDK.
             */
            serialNumber?: string | null | undefined;
            /**
             * The Windows product ID (PKID).
             * @remarks Source: REST reference; .NET SDK.
             */
            productKey?: string | null | undefined;
            /**
             * The hardware hash.
             * @remarks Source: REST reference; .NET SDK.
             */
            hardwareHash?: string | null | undefined;
            /**
             * The model.
             * @remarks Source: REST reference; .NET SDK.
             */
            modelName?: string | null | undefined;
            /**
             * The manufacturer.
             * @remarks Source: REST reference; .NET SDK.
             */
            oemManufacturerName?: string | null | undefined;
            /**
             * The policies to apply, one for each category.
             * @remarks Source: REST reference; .NET SDK.
             */
            policies?: components["schemas"]["PolicyAssignment"][] | null | undefined;
            /**
             * When the device was uploaded.
             * @remarks Source: REST reference; .NET SDK.
             */
            uploadedDate?: components["schemas"]["Timestamp"] | null | undefined;
            /**
             * Who uploaded the device.
             * @remarks Source: REST reference only.
             */
            uploadedBy?: string | null | undefined;
            /**
             * Who created the record; legacy.
             * @remarks Source: docs examples of other requests.
             */
            createdBy?: string | null | undefined;
            /**
             * The methods that the service claims to allow.
             * @remarks Source: REST reference; .NET SDK.
             */
            allowedOperations?: string[] | null | undefined;
            /**
             * Links of the device.
             * @remarks Source: REST reference only.
             */
            links?: components["schemas"]["ResourceLinks"] | null | undefined;
            /**
             * `objectType` is `Device`. Not needed.
             * @remarks Conflict: the REST reference omits it here; the .NET SDK writes the whole device back.
             * Source: .NET SDK.
             */
            attributes?: components["schemas"]["ResourceAttributes"] | null | undefined;
        };
        /** One page of devices. */
        DeviceCollection: {
            /**
             * A count. Whether it covers this page or all pages is not documented; the .NET SDK ignores it.
             * @remarks Source: docs example; .NET SDK.
             */
            totalCount?: number;
            /**
             * The devices, 100 at most.
             * @remarks Source: docs example; .NET SDK; capture.
             */
            items: components["schemas"]["Device"][];
            /**
             * Present if there is another page: send it back in the request header `MS-ContinuationToken`.
             * @remarks Source: docs text.
             */
            continuationToken?: string;
            /**
             * Links of the page; an empty object in the captured response.
             * @remarks Source: .NET SDK; capture.
             */
            links?: components["schemas"]["ResourceLinks"];
            /**
             * `objectType` is `Collection`.
             * @remarks Source: docs example.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /** The device batches of a customer. */
        DeviceBatchCollection: {
            /**
             * A count. Whether it covers this page or all pages is not documented; the .NET SDK ignores it.
             * @remarks Source: docs example; .NET SDK.
             */
            totalCount?: number;
            /**
             * The batches.
             * @remarks Source: docs example; .NET SDK.
             */
            items: components["schemas"]["DeviceBatch"][];
            /**
             * Present if there is another page: send it back in the request header `MS-ContinuationToken`.
             * @remarks Source: docs text.
             */
            continuationToken?: string;
            /**
             * Links of the page; an empty object in the captured response.
             * @remarks Source: .NET SDK; capture.
             */
            links?: components["schemas"]["ResourceLinks"];
            /**
             * `objectType` is `Collection`.
             * @remarks Source: docs example.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /** The configuration policies of a customer. */
        ConfigurationPolicyCollection: {
            /**
             * A count. Whether it covers this page or all pages is not documented; the .NET SDK ignores it.
             * @remarks Source: docs example; .NET SDK.
             */
            totalCount?: number;
            /**
             * The policies.
             * @remarks Source: docs example; .NET SDK.
             */
            items: components["schemas"]["ConfigurationPolicy"][];
            /**
             * Present if there is another page: send it back in the request header `MS-ContinuationToken`.
             * @remarks Source: docs text.
             */
            continuationToken?: string;
            /**
             * Links of the page; an empty object in the captured response.
             * @remarks Source: .NET SDK; capture.
             */
            links?: components["schemas"]["ResourceLinks"];
            /**
             * `objectType` is `Collection`.
             * @remarks Source: docs example.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /** A named list of devices. */
        DeviceBatch: {
            /**
             * The name of the batch: free text chosen by the partner.
             * @remarks Conflict: the docs table calls it a GUID; the example shows `Test batch`.
             * Source: docs table and example; REST reference; .NET SDK.
             */
            id: string;
            /**
             * The name of the tenant that created the batch. Absent from the docs example.
             * @remarks Source: docs table; REST reference; .NET SDK.
             */
            createdBy?: string;
            /**
             * When the batch was created.
             * @remarks Source: docs table and example; REST reference; .NET SDK.
             */
            creationDate?: components["schemas"]["Timestamp"];
            /**
             * The status of the batch.
             * @remarks Source: docs example only.
             */
            status?: components["schemas"]["BatchUploadStatus"];
            /**
             * How many devices the batch has.
             * @remarks Conflict: the docs table says `deviceCount`; docs example, SDKs and REST reference say `devicesCount`.
             * Source: docs example; REST reference; .NET SDK; Java SDK.
             */
            devicesCount?: number;
            /**
             * The docs table's name for `devicesCount`; never seen. Read `devicesCount` first.
             * @deprecated
             * @remarks Source: docs table only.
             */
            deviceCount?: number;
            /**
             * A link to the devices of the batch. Its `uri` is not percent-encoded.
             * @remarks Source: docs table and example; REST reference; .NET SDK.
             */
            devicesLink?: components["schemas"]["Link"];
            /**
             * Links of the batch.
             * @remarks Conflict: the .NET SDK reads a `self` next to the other properties instead.
             * Source: REST reference only.
             */
            links?: components["schemas"]["ResourceLinks"];
            /**
             * `objectType` is `DeviceBatch`.
             * @remarks Source: docs table and example; REST reference. Absent from the .NET SDK.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /** The devices of a new batch. How many a request may contain is not documented. */
        DeviceBatchCreationRequest: {
            /**
             * The name of the batch: free text, unique for the customer. Autopilot and Intune show it as the group tag of its devices.
             * @remarks Conflict: the docs table calls it a GUID; docs text and example show free text.
             * Source: docs table and example; REST reference; .NET SDK.
             */
            batchId: string;
            /**
             * The devices to register.
             * @remarks Source: docs table and example; REST reference; .NET SDK.
             */
            devices: components["schemas"]["NewDevice"][];
            /**
             * `objectType` is `DeviceBatchCreationRequest`. Not needed.
             * @remarks Source: docs table and example; .NET SDK.
             */
            attributes?: components["schemas"]["ResourceAttributes"] | null | undefined;
        };
        /** Policies to apply to devices. */
        DevicePolicyUpdateRequest: {
            /**
             * The devices, each with the policies to apply.
             * @remarks Source: docs table and example; REST reference; .NET SDK.
             */
            devices: components["schemas"]["DevicePolicyUpdate"][];
            /**
             * `objectType` is `DevicePolicyUpdateRequest`. Not needed.
             * @remarks Source: docs table and example; .NET SDK.
             */
            attributes?: components["schemas"]["ResourceAttributes"] | null | undefined;
        };
        /** A device and the policies to apply to it. The docs' example also sends the other properties of a device as null; they are not needed. */
        DevicePolicyUpdate: {
            /**
             * The ID of the device, opaque.
             * @remarks Source: docs text and example.
             */
            id: string;
            /**
             * The policies to apply, one for each category.
             * @remarks Source: docs text and example.
             */
            policies: components["schemas"]["PolicyAssignment"][];
        };
        /** A configuration policy, as the service returns it. */
        ConfigurationPolicy: {
            /**
             * The ID of the policy.
             * Format: uuid
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            id: string;
            /**
             * Its display name.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            name?: string;
            /**
             * Its category.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            category?: components["schemas"]["PolicyCategory"];
            /**
             * Its description.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            description?: string;
            /**
             * How many devices the policy applies to.
             * @remarks Conflict: every docs example says `devicesAssigned`; docs table, SDKs and REST reference say `devicesAssignedCount`. Read both.
             * Source: docs table; REST reference; .NET SDK; Java SDK.
             */
            devicesAssignedCount?: number;
            /**
             * The same as `devicesAssignedCount`, under the name of the docs' examples. Read both.
             * @remarks Source: docs examples; docs table of the update page.
             */
            devicesAssigned?: number;
            /**
             * What the policy does.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            policySettings?: components["schemas"]["PolicySetting"][];
            /**
             * When the policy was created.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            createdDate?: components["schemas"]["Timestamp"];
            /**
             * When the policy was last changed.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            lastModifiedDate?: components["schemas"]["Timestamp"];
            /**
             * Links of the policy.
             * @remarks Source: REST reference only.
             */
            links?: components["schemas"]["ResourceLinks"];
            /**
             * `objectType` is `ConfigurationPolicy`; may carry the `etag`.
             * @remarks Source: docs table and examples; REST reference.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /** A configuration policy to create. */
        NewConfigurationPolicy: {
            /**
             * Its display name.
             * @remarks Source: docs table and example.
             */
            name: string;
            /**
             * Its category, `o_o_b_e`.
             * @remarks Conflict: the docs table requires it; .NET SDK samples and PowerShell module leave it at `none`, which the service accepted.
             * Source: docs table and example.
             */
            category: components["schemas"]["PolicyCategory"];
            /**
             * Its description.
             * @remarks Source: docs table and example.
             */
            description?: string | null | undefined;
            /**
             * What the policy does; one value per setting, never two combined.
             * @remarks Source: docs table and example.
             */
            policySettings: components["schemas"]["PolicySetting"][];
        };
        /** A configuration policy to write back. It replaces the whole policy. */
        ConfigurationPolicyUpdate: {
            /**
             * The ID of the policy; cannot be changed.
             * Format: uuid
             * @remarks Source: docs table and example.
             */
            id: string;
            /**
             * Its display name.
             * @remarks Source: docs table and example.
             */
            name: string;
            /**
             * Its category; cannot be changed.
             * @remarks Source: docs table and example.
             */
            category: components["schemas"]["PolicyCategory"];
            /**
             * Its description.
             * @remarks Source: docs table and example.
             */
            description?: string | null | undefined;
            /**
             * How many devices the policy applies to; cannot be changed, and need not be sent.
             * @remarks Source: docs table and example.
             */
            devicesAssigned?: number | null | undefined;
            /**
             * All settings: omitted ones are removed.
             * @remarks Source: docs table and example; PowerShell module.
             */
            policySettings: components["schemas"]["PolicySetting"][];
        };
        /**
         * The category of a policy: `o_o_b_e` (out-of-box experience) or `none`. Other values may occur.
         * @remarks Source: docs table and examples; REST reference; .NET SDK; Java SDK.
         * @example o_o_b_e
         */
        PolicyCategory: string;
        /**
         * A setting of a policy. Other values may occur. Which portal label belongs to which value is uncertain: show the value itself.
         * @remarks Source: docs table and examples; .NET SDK; PowerShell module.
         * @example skip_express_settings
         * @example skip_eula
         */
        PolicySetting: string;
        /** One page of customers. */
        CustomerCollection: {
            /**
             * A count. Whether it covers this page or all pages is not documented; the .NET SDK ignores it.
             * @remarks Source: docs example; .NET SDK.
             */
            totalCount?: number;
            /**
             * The customers.
             * @remarks Source: docs examples; REST reference.
             */
            items: components["schemas"]["Customer"][];
            /**
             * Present if there is another page: send it back in the request header `MS-ContinuationToken`.
             * @remarks Source: docs text.
             */
            continuationToken?: string;
            /**
             * Links of the page; an empty object in the captured response.
             * @remarks Source: .NET SDK; capture.
             */
            links?: components["schemas"]["ResourceLinks"];
            /**
             * `objectType` is `Collection`.
             * @remarks Source: docs example.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /** A customer of the partner. Its billing profile, which the service also sends, is not described here. */
        Customer: {
            /**
             * The customer's Entra tenant ID: the `customerId` of every other operation.
             * Format: uuid
             * @remarks Source: docs table and examples.
             */
            id: string;
            /**
             * A second ID of the customer, which no operation here uses.
             * @remarks Source: docs example of a single customer.
             */
            commerceId?: string;
            /**
             * The names of the customer.
             * @remarks Source: docs table and examples.
             */
            companyProfile?: components["schemas"]["CustomerCompanyProfile"];
            /**
             * How the customer is related to the partner. Devices need `reseller`.
             * @remarks Source: docs table and examples.
             */
            relationshipToPartner?: components["schemas"]["CustomerRelationship"];
            /**
             * Whether the partner may administer the customer's tenant; sent only if a single customer is read. Device registration does not require it.
             * @remarks Source: docs table and example of a single customer.
             */
            allowDelegatedAccess?: boolean;
            /**
             * The domains of the customer.
             * @remarks Source: docs example of a single customer.
             */
            customDomains?: string[];
            /**
             * Links of the customer.
             * @remarks Source: docs examples.
             */
            links?: components["schemas"]["ResourceLinks"];
            /**
             * `objectType` is `Customer`.
             * @remarks Source: docs examples.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /** The names of a customer. */
        CustomerCompanyProfile: {
            /**
             * The customer's Entra tenant ID, the same as `id` of the customer.
             * @remarks Source: docs table and examples.
             */
            tenantId?: string;
            /**
             * The customer's first domain, usually `….onmicrosoft.com`.
             * @remarks Source: docs table and examples.
             */
            domain?: string;
            /**
             * The name of the company. Two customers may have the same.
             * @remarks Source: docs table and examples.
             */
            companyName?: string;
            /**
             * Links of the profile.
             * @remarks Source: docs examples.
             */
            links?: components["schemas"]["ResourceLinks"];
            /**
             * `objectType` is `CustomerCompanyProfile`.
             * @remarks Source: docs examples.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /**
         * How a customer is related to the partner. Other values may come.
         * @remarks Source: docs table.
         * @example reseller
         */
        CustomerRelationship: string;
        /** An invitation to a reseller relationship. */
        RelationshipRequest: {
            /**
             * The link that a customer opens to accept the relationship.
             * @remarks Source: docs table and example.
             */
            url: string;
            /**
             * `objectType` is `RelationshipRequest`.
             * @remarks Source: docs example.
             */
            attributes?: components["schemas"]["ResourceAttributes"];
        };
        /** What kind of object this is, and its version. */
        ResourceAttributes: {
            /**
             * The name of the object's type.
             * @remarks Source: docs table and examples; .NET SDK; REST reference.
             */
            objectType?: string | undefined;
            /**
             * The version of the object, for `If-Match`.
             * @remarks Source: docs table; .NET SDK; REST reference.
             */
            etag?: string | undefined;
        };
        /** A link to another call. */
        Link: {
            /**
             * The path, with or without `/v1`; not percent-encoded, and a next link may hold a second `?`. Do not call it as it is.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            uri?: string | undefined;
            /**
             * The HTTP method.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            method?: string | undefined;
            /**
             * Headers to send along, such as `MS-ContinuationToken`.
             * @remarks Source: docs table and examples; REST reference; .NET SDK.
             */
            headers?: components["schemas"]["LinkHeader"][] | undefined;
            /**
             * The body to send along.
             * @remarks Source: REST reference only.
             */
            body?: string | undefined;
        };
        /** A header of a link. */
        LinkHeader: {
            /**
             * The name of the header.
             * @remarks Source: docs example; .NET SDK.
             */
            key?: string | undefined;
            /**
             * Its value.
             * @remarks Source: docs example; .NET SDK.
             */
            value?: string | undefined;
        };
        /** Links of a resource or a page. */
        ResourceLinks: {
            /**
             * The resource itself.
             * @remarks Source: docs example; REST reference; .NET SDK.
             */
            self?: components["schemas"]["Link"] | undefined;
            /**
             * The next page.
             * @remarks Source: docs example; REST reference; .NET SDK.
             */
            next?: components["schemas"]["Link"] | undefined;
            /**
             * The page before.
             * @remarks Source: REST reference; .NET SDK.
             */
            previous?: components["schemas"]["Link"] | undefined;
        };
        /**
         * A point in time: ISO 8601 without a zone (read it as UTC), with `Z` or with an offset, and up to seven digits of fraction. Year 0001 means "not yet".
         * It is no `format: date-time`, which demands a zone.
         * @remarks Source: docs examples; capture; the REST reference says `date-time`.
         * @example 2017-07-25T10:00:00
         * @example 2017-08-09T14:43:26.0092288-07:00
         * @example 0001-01-01T00:00:00
         */
        Timestamp: string;
        /** The body of an error that is JSON, in any of the shapes that were seen. */
        Fault: components["schemas"]["ApiFault"] | components["schemas"]["ExtendedFault"] | components["schemas"]["GatewayFault"];
        /** The documented error body. */
        ApiFault: {
            /**
             * The code of the error, not unique for a status.
             * @remarks Conflict: docs table and SDKs say text; every documented HTTP example has a number, a test of the .NET SDK has text. Readers should accept both.
             * Source: docs table and examples; .NET SDK.
             * @example 2000
             * @example 2000
             */
            code: number | string;
            /**
             * What went wrong, up to 1024 characters; may hold HTML entities.
             * @remarks Source: docs table and examples; .NET SDK.
             */
            description: string;
            /**
             * More about the error; texts in the examples.
             * @remarks Source: docs table and examples; .NET SDK.
             */
            data?: unknown[];
            /**
             * The part of the service that failed.
             * @remarks Source: docs table and examples; .NET SDK.
             */
            source?: string;
        };
        /** The error body of newer services of this host. Whether this group ever sends it is not known. */
        ExtendedFault: {
            /**
             * The code of the error.
             * @remarks Source: docs example.
             */
            code: number | string;
            /**
             * What went wrong.
             * @remarks Source: docs example.
             */
            message: string;
            /**
             * What went wrong, again.
             * @remarks Source: docs example.
             */
            description?: string;
            /**
             * The symbolic name of the error.
             * @remarks Source: docs example.
             */
            errorName?: string;
            /**
             * Whether the same call may succeed later.
             * @remarks Source: docs example; Java SDK.
             */
            isRetryable?: boolean;
            /**
             * Values that belong to the message.
             * @remarks Source: docs example.
             */
            parameters?: {
                [key: string]: unknown;
            };
            /**
             * The internal code, as `InternalErrorCode=600061`.
             * @remarks Source: docs example.
             */
            errorMessageExtended?: string;
        };
        /** The error body of the gateway in front of the API: documented for 429, plausible for its other refusals. */
        GatewayFault: {
            /**
             * The HTTP status.
             * @remarks Source: docs example.
             */
            statusCode: number;
            /**
             * What went wrong.
             * @remarks Source: docs example.
             */
            message: string;
        };
        /**
         * An error body that is not JSON: a sentence, an HTML page, or empty.
         * @remarks Source: issues of the .NET SDK and its samples, where errors came without the documented body.
         */
        FaultText: string;
    };
    responses: {
        /**
         * Accepted; the body is empty. Poll the upload with the tracking ID in `Location`.
         * @remarks Conflict: the REST reference also lists 200 and says that the link is in the body; docs examples, SDKs and third-party clients use `Location`. Readers should tolerate a body.
         */
        UploadAccepted: {
            headers: {
                Location: components["headers"]["Location"];
                "MS-RequestId": components["headers"]["RequestId"];
                "MS-CorrelationId": components["headers"]["CorrelationId"];
                "MS-CV": components["headers"]["CorrelationVector"];
                "MS-ServerId": components["headers"]["ServerId"];
                isMfaCompliant: components["headers"]["IsMfaCompliant"];
                Date: components["headers"]["Date"];
                "Content-Length": components["headers"]["NoContentLength"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** Deleted; no body. */
        Deleted: {
            headers: {
                "MS-RequestId": components["headers"]["RequestId"];
                "MS-CorrelationId": components["headers"]["CorrelationId"];
                "MS-CV": components["headers"]["CorrelationVector"];
                "MS-ServerId": components["headers"]["ServerId"];
                isMfaCompliant: components["headers"]["IsMfaCompliant"];
                Date: components["headers"]["Date"];
                "Content-Length": components["headers"]["NoContentLength"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** The request is invalid, or the service refuses it. */
        BadRequest: {
            headers: {
                "MS-RequestId": components["headers"]["RequestId"];
                "MS-CorrelationId": components["headers"]["CorrelationId"];
                "MS-CV": components["headers"]["CorrelationVector"];
                "MS-ServerId": components["headers"]["ServerId"];
                isMfaCompliant: components["headers"]["IsMfaCompliant"];
                Date: components["headers"]["Date"];
                "Content-Length": components["headers"]["ContentLength"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Fault"];
                "text/plain": components["schemas"]["FaultText"];
                "text/html": components["schemas"]["FaultText"];
            };
        };
        /**
         * The token is missing, expired, for another audience, or lacks MFA. A token without MFA is refused with the code 900421, or with the text
         * `Authentication failed. MFA required. (10001)`: then a renewed token does not help.
         */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                "MS-RequestId": components["headers"]["RequestId"];
                "MS-CorrelationId": components["headers"]["CorrelationId"];
                "MS-CV": components["headers"]["CorrelationVector"];
                "MS-ServerId": components["headers"]["ServerId"];
                isMfaCompliant: components["headers"]["IsMfaCompliant"];
                Date: components["headers"]["Date"];
                "Content-Length": components["headers"]["ContentLength"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Fault"];
                "text/plain": components["schemas"]["FaultText"];
                "text/html": components["schemas"]["FaultText"];
            };
        };
        /**
         * The user's role, the partner's state or the relationship with the customer does not allow this.
         * Known text: `The supplied role does not have the rights to perform the requested operation`.
         */
        Forbidden: {
            headers: {
                "MS-RequestId": components["headers"]["RequestId"];
                "MS-CorrelationId": components["headers"]["CorrelationId"];
                "MS-CV": components["headers"]["CorrelationVector"];
                "MS-ServerId": components["headers"]["ServerId"];
                isMfaCompliant: components["headers"]["IsMfaCompliant"];
                Date: components["headers"]["Date"];
                "Content-Length": components["headers"]["ContentLength"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Fault"];
                "text/plain": components["schemas"]["FaultText"];
                "text/html": components["schemas"]["FaultText"];
            };
        };
        /** The resource or the customer does not exist. */
        NotFound: {
            headers: {
                "MS-RequestId": components["headers"]["RequestId"];
                "MS-CorrelationId": components["headers"]["CorrelationId"];
                "MS-CV": components["headers"]["CorrelationVector"];
                "MS-ServerId": components["headers"]["ServerId"];
                isMfaCompliant: components["headers"]["IsMfaCompliant"];
                Date: components["headers"]["Date"];
                "Content-Length": components["headers"]["ContentLength"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Fault"];
                "text/plain": components["schemas"]["FaultText"];
                "text/html": components["schemas"]["FaultText"];
            };
        };
        /** Too many calls. Wait for `Retry-After`, then continue with fewer requests. The documented response has no `MS-` headers. The rate limits are not published. */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                Date: components["headers"]["Date"];
                "Content-Length": components["headers"]["ContentLength"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Fault"];
                "text/plain": components["schemas"]["FaultText"];
                "text/html": components["schemas"]["FaultText"];
            };
        };
        /** Any other error; the docs list 405, 406, 408, 409, 412 and 417, and for a failure of the service 500, 501, 502, 503 and 504. */
        OtherError: {
            headers: {
                "MS-RequestId": components["headers"]["RequestId"];
                "MS-CorrelationId": components["headers"]["CorrelationId"];
                "MS-CV": components["headers"]["CorrelationVector"];
                "MS-ServerId": components["headers"]["ServerId"];
                isMfaCompliant: components["headers"]["IsMfaCompliant"];
                Date: components["headers"]["Date"];
                "Content-Length": components["headers"]["ContentLength"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Fault"];
                "text/plain": components["schemas"]["FaultText"];
                "text/html": components["schemas"]["FaultText"];
            };
        };
    };
    parameters: {
        /**
         * The customer's Entra tenant ID, a GUID.
         * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
         */
        customerId: string;
        /**
         * The tracking ID of the upload, a GUID: the last segment of the `Location` in the response to the upload.
         * @remarks Source: docs table (`batchtracking-id`); REST reference (`batchUploadTracking_id`).
         */
        batchTrackingId: string;
        /**
         * The name of the batch: free text chosen by the partner, which may contain spaces and so must be percent-encoded. Autopilot and Intune show it as the group tag.
         * @remarks Conflict: docs tables call it a GUID; docs text and examples show free text. Whether it is case-sensitive is not documented.
         * Source: docs text and examples (`devicebatch-id`); REST reference (`deviceBatch_id`).
         */
        batchId: string;
        /**
         * The ID of the device, opaque.
         * @remarks Conflict: the docs table calls it a GUID; the docs' policy update example shows `9993-8627-3608-6844-6369-4361-72`.
         * Source: docs table and example (`device-id`); REST reference (`device_id`).
         */
        deviceId: string;
        /**
         * The ID of the configuration policy, a GUID.
         * @remarks Source: docs table (`policy-id`).
         */
        policyId: string;
        /**
         * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
         * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
         * @remarks Source: docs page "Partner Center REST headers"; REST reference.
         */
        RequestId: string;
        /**
         * A GUID that ties calls together in the logs of both sides.
         * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
         * Source: docs page "Partner Center REST headers"; .NET SDK.
         */
        CorrelationId: string;
        /**
         * A correlation vector. The service generates one if it is absent.
         * @remarks Source: REST reference.
         */
        CorrelationVector: string;
        /**
         * The version of the API, `v1`.
         * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
         * Source: docs page "Partner Center REST headers"; Java SDK.
         */
        ContractVersion: string;
        /**
         * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
         * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
         */
        Locale: string;
        /**
         * The name of the calling application.
         * @remarks Source: docs examples; .NET SDK.
         */
        Application: string;
        /**
         * The name of the client library.
         * @remarks Source: .NET SDK; capture.
         */
        Client: string;
        /**
         * The version of the client library.
         * @remarks Source: .NET SDK; capture.
         */
        SdkVersion: string;
        /**
         * A key for the API gateway, if one was issued.
         * @remarks Source: .NET SDK.
         */
        SubscriptionKey: string;
        /**
         * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
         * @remarks Source: third-party clients; the docs describe the feature without these names.
         */
        ValidateMfa: string;
        /**
         * The `continuationToken` of the previous page, sent unchanged (including commas, slashes and `=`).
         * @remarks Source: docs text of "Get a list of devices for the specified batch and customer"; Java SDK; docs example of a next link.
         */
        ContinuationToken: string;
        /**
         * The maximum number of customers in a page: 1 to 500. With a filter alone, the docs' example and the Java SDK send 0.
         * @remarks Conflict: the docs table requires it; the REST reference does not, and the Java SDK and third-party clients read the whole list without it. Hence optional.
         * Source: docs table and examples; REST reference. 1 to 500: Java SDK.
         */
        CustomerPageSize: number;
        /**
         * A JSON object with the members `Field` (`CompanyName` or `Domain`), `Value` and `Operator`, percent-encoded. `starts_with` is the only operator,
         * and case does not matter. `Domain` matches the `.onmicrosoft.com` name only.
         * @remarks Conflict: the REST reference splits it into parameters such as `filter.operator`; the Java SDK sends the JSON of the docs.
         * Source: Java SDK; docs table and example of "Get a list of customers filtered by a search field". Domain: issues 32 and 40 of the PowerShell module.
         */
        CustomerFilter: string;
        /**
         * `Next` returns the page that `MS-ContinuationToken` identifies.
         * @remarks Conflict: the REST reference types it as an integer; the Java SDK and the docs' example of a next link send text.
         * Source: Java SDK; docs example of a next link; REST reference.
         */
        SeekOperation: string;
        /**
         * The `attributes.etag` that was read, in double quotes, where the service requires it. No documentation page of this group does.
         * @remarks Source: docs pages "Partner Center REST headers" and "Test and debug".
         */
        IfMatch: string;
    };
    requestBodies: never;
    headers: {
        /**
         * The service's id for this call. It may differ from the one that was sent: record both.
         * @remarks Source: docs examples.
         * @example 7b3e2e00-b330-4480-9d84-59ace713427f
         */
        RequestId: string;
        /**
         * The correlation ID of this call. It may differ from the one that was sent.
         * @remarks Source: docs examples.
         * @example 4a5002a2-0c1b-4e57-b491-dbcf19c0e7b8
         */
        CorrelationId: string;
        /**
         * The correlation vector of this call.
         * @remarks Source: docs examples.
         * @example YrLe3w6BbUSMt1fi.0
         */
        CorrelationVector: string;
        /**
         * The server that responded: digits, with significant leading zeros.
         * @remarks Source: docs examples.
         * @example 030020344
         */
        ServerId: string;
        /**
         * Whether the token has MFA; present if `ValidateMfa` was sent. Some clients also look for it in the body.
         * @remarks Source: third-party clients.
         * @example true
         */
        IsMfaCompliant: boolean;
        /**
         * When the response was created, as an HTTP date.
         * @remarks Source: docs examples.
         * @example Tue, 25 Jul 2017 17:52:41 GMT
         */
        Date: string;
        /**
         * The length of the body in bytes. The bodies printed in the docs were edited and do not match their lengths.
         * @remarks Source: docs examples.
         * @example 400
         */
        ContentLength: number;
        /**
         * `0`: there is no body.
         * @remarks Source: docs examples.
         * @example 0
         */
        NoContentLength: number;
        /**
         * Where to poll the upload: `/customers/{customerId}/batchJobStatus/{batchTrackingId}`, without host and without `/v1`: a path of
         * this document, relative to the server URL. Resolving it as a URL reference against the server loses the `/v1`.
         * @remarks Source: docs examples.
         * @example /customers/c7f3c849-129f-4b85-a96d-4f8e88b315a3/batchJobStatus/beba2053-5401-46ff-9223-7e841ed78fbf
         */
        Location: string;
        /**
         * The token of the next page, as newer operations of this host send it. Prefer `continuationToken` of the body.
         * @remarks Source: .NET SDK.
         */
        ContinuationToken: string;
        /**
         * How long to wait before the next call, in seconds; HTTP also allows a date here.
         * @remarks Source: docs page "API throttling guidance"; RFC 9110, section 10.2.3.
         * @example 57
         */
        RetryAfter: string;
        /**
         * The challenge.
         * @remarks Source: docs page "Partner Center REST error codes".
         * @example OAuth realm=urn:cpsvc:cpid:{partner-id}
         */
        WwwAuthenticate: string;
    };
    pathItems: never;
}
export type BatchUploadDetails = components['schemas']['BatchUploadDetails'];
export type DeviceUploadDetails = components['schemas']['DeviceUploadDetails'];
export type BatchUploadStatus = components['schemas']['BatchUploadStatus'];
export type DeviceUploadStatus = components['schemas']['DeviceUploadStatus'];
export type Device = components['schemas']['Device'];
export type AssignedPolicy = components['schemas']['AssignedPolicy'];
export type NewDevice = components['schemas']['NewDevice'];
export type NewDeviceProperties = components['schemas']['NewDeviceProperties'];
export type PolicyAssignment = components['schemas']['PolicyAssignment'];
export type DeviceUpdate = components['schemas']['DeviceUpdate'];
export type DeviceCollection = components['schemas']['DeviceCollection'];
export type DeviceBatchCollection = components['schemas']['DeviceBatchCollection'];
export type ConfigurationPolicyCollection = components['schemas']['ConfigurationPolicyCollection'];
export type DeviceBatch = components['schemas']['DeviceBatch'];
export type DeviceBatchCreationRequest = components['schemas']['DeviceBatchCreationRequest'];
export type DevicePolicyUpdateRequest = components['schemas']['DevicePolicyUpdateRequest'];
export type DevicePolicyUpdate = components['schemas']['DevicePolicyUpdate'];
export type ConfigurationPolicy = components['schemas']['ConfigurationPolicy'];
export type NewConfigurationPolicy = components['schemas']['NewConfigurationPolicy'];
export type ConfigurationPolicyUpdate = components['schemas']['ConfigurationPolicyUpdate'];
export type PolicyCategory = components['schemas']['PolicyCategory'];
export type PolicySetting = components['schemas']['PolicySetting'];
export type CustomerCollection = components['schemas']['CustomerCollection'];
export type Customer = components['schemas']['Customer'];
export type CustomerCompanyProfile = components['schemas']['CustomerCompanyProfile'];
export type CustomerRelationship = components['schemas']['CustomerRelationship'];
export type RelationshipRequest = components['schemas']['RelationshipRequest'];
export type ResourceAttributes = components['schemas']['ResourceAttributes'];
export type Link = components['schemas']['Link'];
export type LinkHeader = components['schemas']['LinkHeader'];
export type ResourceLinks = components['schemas']['ResourceLinks'];
export type Timestamp = components['schemas']['Timestamp'];
export type Fault = components['schemas']['Fault'];
export type ApiFault = components['schemas']['ApiFault'];
export type ExtendedFault = components['schemas']['ExtendedFault'];
export type GatewayFault = components['schemas']['GatewayFault'];
export type FaultText = components['schemas']['FaultText'];
export type ResponseUploadAccepted = components['responses']['UploadAccepted'];
export type ResponseDeleted = components['responses']['Deleted'];
export type ResponseBadRequest = components['responses']['BadRequest'];
export type ResponseUnauthorized = components['responses']['Unauthorized'];
export type ResponseForbidden = components['responses']['Forbidden'];
export type ResponseNotFound = components['responses']['NotFound'];
export type ResponseTooManyRequests = components['responses']['TooManyRequests'];
export type ResponseOtherError = components['responses']['OtherError'];
export type ParameterCustomerId = components['parameters']['customerId'];
export type ParameterBatchTrackingId = components['parameters']['batchTrackingId'];
export type ParameterBatchId = components['parameters']['batchId'];
export type ParameterDeviceId = components['parameters']['deviceId'];
export type ParameterPolicyId = components['parameters']['policyId'];
export type ParameterRequestId = components['parameters']['RequestId'];
export type ParameterCorrelationId = components['parameters']['CorrelationId'];
export type ParameterCorrelationVector = components['parameters']['CorrelationVector'];
export type ParameterContractVersion = components['parameters']['ContractVersion'];
export type ParameterLocale = components['parameters']['Locale'];
export type ParameterApplication = components['parameters']['Application'];
export type ParameterClient = components['parameters']['Client'];
export type ParameterSdkVersion = components['parameters']['SdkVersion'];
export type ParameterSubscriptionKey = components['parameters']['SubscriptionKey'];
export type ParameterValidateMfa = components['parameters']['ValidateMfa'];
export type ParameterContinuationToken = components['parameters']['ContinuationToken'];
export type ParameterCustomerPageSize = components['parameters']['CustomerPageSize'];
export type ParameterCustomerFilter = components['parameters']['CustomerFilter'];
export type ParameterSeekOperation = components['parameters']['SeekOperation'];
export type ParameterIfMatch = components['parameters']['IfMatch'];
export type HeaderRequestId = components['headers']['RequestId'];
export type HeaderCorrelationId = components['headers']['CorrelationId'];
export type HeaderCorrelationVector = components['headers']['CorrelationVector'];
export type HeaderServerId = components['headers']['ServerId'];
export type HeaderIsMfaCompliant = components['headers']['IsMfaCompliant'];
export type HeaderDate = components['headers']['Date'];
export type HeaderContentLength = components['headers']['ContentLength'];
export type HeaderNoContentLength = components['headers']['NoContentLength'];
export type HeaderLocation = components['headers']['Location'];
export type HeaderContinuationToken = components['headers']['ContinuationToken'];
export type HeaderRetryAfter = components['headers']['RetryAfter'];
export type HeaderWwwAuthenticate = components['headers']['WwwAuthenticate'];
export type $defs = Record<string, never>;
export interface operations {
    getBatchUploadStatus: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The tracking ID of the upload, a GUID: the last segment of the `Location` in the response to the upload.
                 * @remarks Source: docs table (`batchtracking-id`); REST reference (`batchUploadTracking_id`).
                 */
                batchTrackingId: components["parameters"]["batchTrackingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** The upload and its devices. (The docs' example has no `Content-Type`.) */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["RequestId"];
                    "MS-CorrelationId": components["headers"]["CorrelationId"];
                    "MS-CV": components["headers"]["CorrelationVector"];
                    "MS-ServerId": components["headers"]["ServerId"];
                    isMfaCompliant: components["headers"]["IsMfaCompliant"];
                    Date: components["headers"]["Date"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchUploadDetails"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    listDeviceBatches: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** The batches. */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["RequestId"];
                    "MS-CorrelationId": components["headers"]["CorrelationId"];
                    "MS-CV": components["headers"]["CorrelationVector"];
                    "MS-ServerId": components["headers"]["ServerId"];
                    isMfaCompliant: components["headers"]["IsMfaCompliant"];
                    Date: components["headers"]["Date"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceBatchCollection"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    createDeviceBatch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceBatchCreationRequest"];
            };
        };
        responses: {
            202: components["responses"]["UploadAccepted"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    listDevices: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
                /**
                 * The `continuationToken` of the previous page, sent unchanged (including commas, slashes and `=`).
                 * @remarks Source: docs text of "Get a list of devices for the specified batch and customer"; Java SDK; docs example of a next link.
                 */
                "MS-ContinuationToken"?: components["parameters"]["ContinuationToken"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The name of the batch: free text chosen by the partner, which may contain spaces and so must be percent-encoded. Autopilot and Intune show it as the group tag.
                 * @remarks Conflict: docs tables call it a GUID; docs text and examples show free text. Whether it is case-sensitive is not documented.
                 * Source: docs text and examples (`devicebatch-id`); REST reference (`deviceBatch_id`).
                 */
                batchId: components["parameters"]["batchId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** One page of devices. */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["RequestId"];
                    "MS-CorrelationId": components["headers"]["CorrelationId"];
                    "MS-CV": components["headers"]["CorrelationVector"];
                    "MS-ServerId": components["headers"]["ServerId"];
                    "MS-ContinuationToken": components["headers"]["ContinuationToken"];
                    isMfaCompliant: components["headers"]["IsMfaCompliant"];
                    Date: components["headers"]["Date"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceCollection"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    addDevicesToBatch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The name of the batch: free text chosen by the partner, which may contain spaces and so must be percent-encoded. Autopilot and Intune show it as the group tag.
                 * @remarks Conflict: docs tables call it a GUID; docs text and examples show free text. Whether it is case-sensitive is not documented.
                 * Source: docs text and examples (`devicebatch-id`); REST reference (`deviceBatch_id`).
                 */
                batchId: components["parameters"]["batchId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDevice"][];
            };
        };
        responses: {
            202: components["responses"]["UploadAccepted"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    updateDevice: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The name of the batch: free text chosen by the partner, which may contain spaces and so must be percent-encoded. Autopilot and Intune show it as the group tag.
                 * @remarks Conflict: docs tables call it a GUID; docs text and examples show free text. Whether it is case-sensitive is not documented.
                 * Source: docs text and examples (`devicebatch-id`); REST reference (`deviceBatch_id`).
                 */
                batchId: components["parameters"]["batchId"];
                /**
                 * The ID of the device, opaque.
                 * @remarks Conflict: the docs table calls it a GUID; the docs' policy update example shows `9993-8627-3608-6844-6369-4361-72`.
                 * Source: docs table and example (`device-id`); REST reference (`device_id`).
                 */
                deviceId: components["parameters"]["deviceId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceUpdate"];
            };
        };
        responses: {
            /** The updated device. */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["RequestId"];
                    "MS-CorrelationId": components["headers"]["CorrelationId"];
                    "MS-CV": components["headers"]["CorrelationVector"];
                    "MS-ServerId": components["headers"]["ServerId"];
                    isMfaCompliant: components["headers"]["IsMfaCompliant"];
                    Date: components["headers"]["Date"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Device"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    deleteDevice: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The name of the batch: free text chosen by the partner, which may contain spaces and so must be percent-encoded. Autopilot and Intune show it as the group tag.
                 * @remarks Conflict: docs tables call it a GUID; docs text and examples show free text. Whether it is case-sensitive is not documented.
                 * Source: docs text and examples (`devicebatch-id`); REST reference (`deviceBatch_id`).
                 */
                batchId: components["parameters"]["batchId"];
                /**
                 * The ID of the device, opaque.
                 * @remarks Conflict: the docs table calls it a GUID; the docs' policy update example shows `9993-8627-3608-6844-6369-4361-72`.
                 * Source: docs table and example (`device-id`); REST reference (`device_id`).
                 */
                deviceId: components["parameters"]["deviceId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Deleted"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    updateDevicesWithPolicy: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DevicePolicyUpdateRequest"];
            };
        };
        responses: {
            202: components["responses"]["UploadAccepted"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    listPolicies: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** The policies. */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["RequestId"];
                    "MS-CorrelationId": components["headers"]["CorrelationId"];
                    "MS-CV": components["headers"]["CorrelationVector"];
                    "MS-ServerId": components["headers"]["ServerId"];
                    isMfaCompliant: components["headers"]["IsMfaCompliant"];
                    Date: components["headers"]["Date"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationPolicyCollection"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    createPolicy: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewConfigurationPolicy"];
            };
        };
        responses: {
            /** The new policy. */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["RequestId"];
                    "MS-CorrelationId": components["headers"]["CorrelationId"];
                    "MS-CV": components["headers"]["CorrelationVector"];
                    "MS-ServerId": components["headers"]["ServerId"];
                    isMfaCompliant: components["headers"]["IsMfaCompliant"];
                    Date: components["headers"]["Date"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationPolicy"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    getPolicy: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The ID of the configuration policy, a GUID.
                 * @remarks Source: docs table (`policy-id`).
                 */
                policyId: components["parameters"]["policyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** The policy. (The docs' example has no `Content-Type`, and a byte order mark.) */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["RequestId"];
                    "MS-CorrelationId": components["headers"]["CorrelationId"];
                    "MS-CV": components["headers"]["CorrelationVector"];
                    "MS-ServerId": components["headers"]["ServerId"];
                    isMfaCompliant: components["headers"]["IsMfaCompliant"];
                    Date: components["headers"]["Date"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationPolicy"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    updatePolicy: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
                /**
                 * The `attributes.etag` that was read, in double quotes, where the service requires it. No documentation page of this group does.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Test and debug".
                 */
                "If-Match"?: components["parameters"]["IfMatch"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The ID of the configuration policy, a GUID.
                 * @remarks Source: docs table (`policy-id`).
                 */
                policyId: components["parameters"]["policyId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfigurationPolicyUpdate"];
            };
        };
        responses: {
            /** The updated policy. */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["RequestId"];
                    "MS-CorrelationId": components["headers"]["CorrelationId"];
                    "MS-CV": components["headers"]["CorrelationVector"];
                    "MS-ServerId": components["headers"]["ServerId"];
                    isMfaCompliant: components["headers"]["IsMfaCompliant"];
                    Date: components["headers"]["Date"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfigurationPolicy"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    deletePolicy: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
                /**
                 * The `attributes.etag` that was read, in double quotes, where the service requires it. No documentation page of this group does.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Test and debug".
                 */
                "If-Match"?: components["parameters"]["IfMatch"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
                /**
                 * The ID of the configuration policy, a GUID.
                 * @remarks Source: docs table (`policy-id`).
                 */
                policyId: components["parameters"]["policyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: components["responses"]["Deleted"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    listCustomers: {
        parameters: {
            query?: {
                /**
                 * The maximum number of customers in a page: 1 to 500. With a filter alone, the docs' example and the Java SDK send 0.
                 * @remarks Conflict: the docs table requires it; the REST reference does not, and the Java SDK and third-party clients read the whole list without it. Hence optional.
                 * Source: docs table and examples; REST reference. 1 to 500: Java SDK.
                 */
                size?: components["parameters"]["CustomerPageSize"] | undefined;
                /**
                 * A JSON object with the members `Field` (`CompanyName` or `Domain`), `Value` and `Operator`, percent-encoded. `starts_with` is the only operator,
                 * and case does not matter. `Domain` matches the `.onmicrosoft.com` name only.
                 * @remarks Conflict: the REST reference splits it into parameters such as `filter.operator`; the Java SDK sends the JSON of the docs.
                 * Source: Java SDK; docs table and example of "Get a list of customers filtered by a search field". Domain: issues 32 and 40 of the PowerShell module.
                 */
                filter?: components["parameters"]["CustomerFilter"] | undefined;
                /**
                 * `Next` returns the page that `MS-ContinuationToken` identifies.
                 * @remarks Conflict: the REST reference types it as an integer; the Java SDK and the docs' example of a next link send text.
                 * Source: Java SDK; docs example of a next link; REST reference.
                 */
                seekOperation?: components["parameters"]["SeekOperation"] | undefined;
            } | undefined;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
                /**
                 * The `continuationToken` of the previous page, sent unchanged (including commas, slashes and `=`).
                 * @remarks Source: docs text of "Get a list of devices for the specified batch and customer"; Java SDK; docs example of a next link.
                 */
                "MS-ContinuationToken"?: components["parameters"]["ContinuationToken"] | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** One page of customers. */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["RequestId"];
                    "MS-CorrelationId": components["headers"]["CorrelationId"];
                    "MS-CV": components["headers"]["CorrelationVector"];
                    "MS-ServerId": components["headers"]["ServerId"];
                    "MS-ContinuationToken": components["headers"]["ContinuationToken"];
                    isMfaCompliant: components["headers"]["IsMfaCompliant"];
                    Date: components["headers"]["Date"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerCollection"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    getCustomer: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path: {
                /**
                 * The customer's Entra tenant ID, a GUID.
                 * @remarks Source: docs table (`customer-id`); REST reference (`customer_id`).
                 */
                customerId: components["parameters"]["customerId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** The customer. */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["RequestId"];
                    "MS-CorrelationId": components["headers"]["CorrelationId"];
                    "MS-CV": components["headers"]["CorrelationVector"];
                    "MS-ServerId": components["headers"]["ServerId"];
                    isMfaCompliant: components["headers"]["IsMfaCompliant"];
                    Date: components["headers"]["Date"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
    getRelationshipRequest: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * A GUID for this call, the idempotency key: reuse it when you retry a call after a timeout; use a new one after any response.
                 * Without it, the service generates one, which gives no such protection. Whether repeating the ID of an upload really returns the first job is not documented.
                 * @remarks Source: docs page "Partner Center REST headers"; REST reference.
                 */
                "MS-RequestId"?: components["parameters"]["RequestId"] | undefined;
                /**
                 * A GUID that ties calls together in the logs of both sides.
                 * @remarks Conflict: the docs require a new one for each call; the .NET SDK keeps one for a logical operation.
                 * Source: docs page "Partner Center REST headers"; .NET SDK.
                 */
                "MS-CorrelationId"?: components["parameters"]["CorrelationId"] | undefined;
                /**
                 * A correlation vector. The service generates one if it is absent.
                 * @remarks Source: REST reference.
                 */
                "MS-CV"?: components["parameters"]["CorrelationVector"] | undefined;
                /**
                 * The version of the API, `v1`.
                 * @remarks Conflict: the docs call it required; no documented request and no .NET SDK sends it, only the Java SDK does. Hence optional.
                 * Source: docs page "Partner Center REST headers"; Java SDK.
                 */
                "MS-Contract-Version"?: components["parameters"]["ContractVersion"] | undefined;
                /**
                 * The language of texts in the response, `language-COUNTRY`; `en-US` if absent. The effect of an unsupported value is not documented.
                 * @remarks Source: docs pages "Partner Center REST headers" and "Supported languages and locales".
                 */
                "X-Locale"?: components["parameters"]["Locale"] | undefined;
                /**
                 * The name of the calling application.
                 * @remarks Source: docs examples; .NET SDK.
                 */
                "MS-PartnerCenter-Application"?: components["parameters"]["Application"] | undefined;
                /**
                 * The name of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-PartnerCenter-Client"?: components["parameters"]["Client"] | undefined;
                /**
                 * The version of the client library.
                 * @remarks Source: .NET SDK; capture.
                 */
                "MS-SdkVersion"?: components["parameters"]["SdkVersion"] | undefined;
                /**
                 * A key for the API gateway, if one was issued.
                 * @remarks Source: .NET SDK.
                 */
                "ocp-apim-subscription-key"?: components["parameters"]["SubscriptionKey"] | undefined;
                /**
                 * `true` requests the response header `isMfaCompliant`, which says whether the token of an App+User call has MFA.
                 * @remarks Source: third-party clients; the docs describe the feature without these names.
                 */
                ValidateMfa?: components["parameters"]["ValidateMfa"] | undefined;
            } | undefined;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** The link. */
            200: {
                headers: {
                    "MS-RequestId": components["headers"]["RequestId"];
                    "MS-CorrelationId": components["headers"]["CorrelationId"];
                    "MS-CV": components["headers"]["CorrelationVector"];
                    "MS-ServerId": components["headers"]["ServerId"];
                    isMfaCompliant: components["headers"]["IsMfaCompliant"];
                    Date: components["headers"]["Date"];
                    "Content-Length": components["headers"]["ContentLength"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RelationshipRequest"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherError"];
        };
    };
}
export interface knownWords {
    BatchUploadStatus: "unknown" | "queued" | "processing" | "finished" | "finished_with_errors";
    DeviceUploadStatus: "unknown" | "queued" | "processing" | "finished" | "finished_with_errors" | "in-progress";
    PolicyCategory: "none" | "o_o_b_e";
    PolicySetting: "none" | "remove_oem_preinstalls" | "oobe_user_not_local_admin" | "skip_express_settings" | "skip_oem_registration" | "skip_eula";
    CustomerRelationship: "none" | "reseller" | "advisor" | "syndication" | "microsoft_support";
}
