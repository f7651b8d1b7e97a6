/** Bundles over gRPC and HTTP, by the Open Inference Protocol. */
package dev.graft.server;
