/** Training on request: jobs that run in processes of their own and outlive the server. */
package dev.graft.server.jobs;
