"""Builds and runtimes in pods of a Kubernetes cluster.

``cluster`` is the little that is asked of its API, ``objects`` says what pods look like, and
``inside`` is the program that runs in them: Pinmark's own image, so that a pod builds and runs
exactly as a machine does. A pod knows nothing but its orders, and has no token of the cluster.
"""

from services.kubernetes.builder import KubernetesBuilder
from services.kubernetes.cluster import Cluster, ClusterPolicy, ClusterTrouble, open_cluster
from services.kubernetes.runtimes import KubernetesRuntimes

__all__ = [
    "Cluster",
    "ClusterPolicy",
    "ClusterTrouble",
    "KubernetesBuilder",
    "KubernetesRuntimes",
    "open_cluster",
]
